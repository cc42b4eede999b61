//! Calls any method of the descriptor with any message, and reads the answer by the descriptor alone.

use bytes::{Buf as _, BufMut as _};
use prost::{Message, Name};
use prost_reflect::{
    DescriptorPool, DynamicMessage, MessageDescriptor, MethodDescriptor, SerializeOptions,
};
use rung_tests::{Result, fail};
use serde_json::Value;
use tonic::{
    Request, Status, Streaming,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};

use super::secret::Secrets;

/// A connection, and every contract that is served on it.
#[derive(Clone)]
pub(crate) struct Wire {
    channel: Channel,
    pools: Vec<DescriptorPool>,
    /// Those that were told on it.
    pub(crate) secrets: Secrets,
}

impl Wire {
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        let channel = Endpoint::from_shared(url.to_owned())?.connect().await?;
        Self::over(channel)
    }

    fn over(channel: Channel) -> Result<Self> {
        let (pools, secrets) = (pools()?, Secrets::default());
        Ok(Self {
            channel,
            pools,
            secrets,
        })
    }

    /// One whose reader takes little at a time: what it does not read waits at the server.
    pub(crate) async fn slow(url: &str) -> Result<Self> {
        let endpoint = Endpoint::from_shared(url.to_owned())?
            .initial_stream_window_size(16 * 1024)
            .initial_connection_window_size(1024 * 1024);
        Self::over(endpoint.connect().await?)
    }

    /// Begins to read what a method of the contract streams.
    pub(crate) async fn open<Req: Message + Name>(
        &self,
        method: &str,
        token: &str,
        message: &Req,
    ) -> std::result::Result<Streaming<Vec<u8>>, Status> {
        let mut client = Grpc::new(self.channel.clone());
        let unready = |error: tonic::transport::Error| Status::unknown(error.to_string());
        client.ready().await.map_err(unready)?;
        let path = PathAndQuery::try_from(format!("/rung.v1.{method}"))
            .map_err(|error| Status::unknown(error.to_string()))?;
        let request = signed(message.encode_to_vec(), Some(token));
        Ok(client
            .server_streaming(request, path, Bytes)
            .await?
            .into_inner())
    }

    fn method(&self, name: &str) -> Result<MethodDescriptor> {
        let methods = methods(&self.pools);
        match methods.into_iter().find(|(path, _)| path == name) {
            Some((_, method)) => Ok(method),
            None => fail(format!("no method {name}")),
        }
    }

    /// The answer as JSON: of a stream, all its messages in an array. Streams of other contracts do not end by
    /// themselves: of those, the first message.
    pub(crate) async fn send(
        &self,
        method: &str,
        token: Option<&str>,
        message: Vec<u8>,
    ) -> Result<std::result::Result<Value, Status>> {
        let descriptor = self.method(method)?;
        let path = PathAndQuery::try_from(format!("/{method}"))?;
        self.secrets.hear(&json(&descriptor.input(), &message)?);
        let answers = match self.exchange(&descriptor, path, token, message).await {
            Ok(answers) => answers,
            Err(status) => return Ok(Err(status)),
        };
        let json = answers
            .into_iter()
            .map(|bytes| json(&descriptor.output(), &bytes))
            .collect::<Result<Vec<_>>>()?;
        for answer in &json {
            self.secrets.hear(answer);
        }
        Ok(Ok(if descriptor.is_server_streaming() {
            Value::Array(json)
        } else {
            json.into_iter().next().unwrap_or_default()
        }))
    }

    async fn exchange(
        &self,
        descriptor: &MethodDescriptor,
        path: PathAndQuery,
        token: Option<&str>,
        message: Vec<u8>,
    ) -> std::result::Result<Vec<Vec<u8>>, Status> {
        let mut client = Grpc::new(self.channel.clone());
        let unready = |error: tonic::transport::Error| Status::unknown(error.to_string());
        client.ready().await.map_err(unready)?;
        let endless = !descriptor.full_name().starts_with("rung.");
        let mut answers = match (
            descriptor.is_client_streaming(),
            descriptor.is_server_streaming(),
        ) {
            (false, false) => {
                let answer = client.unary(signed(message, token), path, Bytes).await?;
                return Ok(vec![answer.into_inner()]);
            }
            (false, true) => {
                client
                    .server_streaming(signed(message, token), path, Bytes)
                    .await?
            }
            (true, _) => {
                let messages = tokio_stream::iter([message]);
                client
                    .streaming(signed(messages, token), path, Bytes)
                    .await?
            }
        }
        .into_inner();
        let mut all = Vec::new();
        while let Some(answer) = answers.message().await? {
            all.push(answer);
            if endless {
                break;
            }
        }
        Ok(all)
    }

    /// The same for a type of the contract.
    pub(crate) async fn ask<Req: Message + Name, Res: Message + Default>(
        &self,
        method: &str,
        token: Option<&str>,
        message: &Req,
    ) -> std::result::Result<Res, Status> {
        let mut client = Grpc::new(self.channel.clone());
        let unready = |error: tonic::transport::Error| Status::unknown(error.to_string());
        client.ready().await.map_err(unready)?;
        let path = PathAndQuery::try_from(format!("/rung.v1.{method}"))
            .map_err(|error| Status::unknown(error.to_string()))?;
        let unread = |error: rung_tests::Failure| Status::unknown(error.to_string());
        let descriptor = self.method(&format!("rung.v1.{method}")).map_err(unread)?;
        let message = message.encode_to_vec();
        self.secrets
            .hear(&json(&descriptor.input(), &message).map_err(unread)?);
        let answer = client.unary(signed(message, token), path, Bytes).await?;
        let answer = answer.into_inner();
        self.secrets
            .hear(&json(&descriptor.output(), &answer).map_err(unread)?);
        Res::decode(answer.as_slice()).map_err(|error| Status::unknown(error.to_string()))
    }
}

/// Every contract that is served.
pub(crate) fn pools() -> Result<Vec<DescriptorPool>> {
    let sets = [
        rung_proto::FILE_DESCRIPTOR_SET,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ];
    let mut pools = Vec::new();
    for set in sets {
        pools.push(DescriptorPool::decode(set)?);
    }
    Ok(pools)
}

/// Every method there is, by its path without the first slash.
pub(crate) fn methods(pools: &[DescriptorPool]) -> Vec<(String, MethodDescriptor)> {
    let mut all = Vec::new();
    for service in pools.iter().flat_map(DescriptorPool::services) {
        let name = service.full_name().to_owned();
        all.extend(
            service
                .methods()
                .map(|m| (format!("{name}/{}", m.name()), m)),
        );
    }
    all
}

fn signed<M>(message: M, token: Option<&str>) -> Request<M> {
    let mut request = Request::new(message);
    if let Some(token) = token {
        let value = format!("Bearer {token}").parse().expect("a token is ASCII");
        request.metadata_mut().insert("authorization", value);
    }
    request
}

fn json(kind: &MessageDescriptor, bytes: &[u8]) -> Result<Value> {
    let message = DynamicMessage::decode(kind.clone(), bytes)?;
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .skip_default_fields(false)
        .stringify_64_bit_integers(false);
    Ok(message.serialize_with_options(serde_json::value::Serializer, &options)?)
}

/// Messages as the bytes that they are.
struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(
        &mut self,
        item: Vec<u8>,
        into: &mut EncodeBuf<'_>,
    ) -> std::result::Result<(), Status> {
        into.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> std::result::Result<Option<Vec<u8>>, Status> {
        let mut bytes = vec![0; from.remaining()];
        from.copy_to_slice(&mut bytes);
        Ok(Some(bytes))
    }
}
