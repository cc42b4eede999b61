//! What answers before anybody asks for anything: health, reflection, and a closed door for every RPC. Who gets in with a
//! token stands in `matrix/`.

use prost_reflect::{DescriptorPool, MethodDescriptor, Value};
use rung_proto::FILE_DESCRIPTOR_SET;
use rung_tests::{Clinic, Result};
use tonic::{Code, Status, client::Grpc, codegen::http::uri::PathAndQuery};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_prost::ProstCodec;

use crate::{
    api::{Api, Refused},
    on_both_databases,
};

on_both_databases!(
    health_is_told_per_service,
    reflection_answers_in_both_versions,
    without_a_token_every_door_is_closed,
    leaves_when_asked,
);

const ANONYMOUS: i32 = 1;

fn methods() -> Result<Vec<MethodDescriptor>> {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET)?;
    let methods: Vec<_> = pool
        .services()
        .filter(|service| service.package_name() == "rung.v1")
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .collect();
    Ok(methods)
}

/// The audience of a method's rule and the roles it lists.
fn audience(method: &MethodDescriptor) -> i32 {
    let pool = method.parent_pool();
    let rule = pool
        .get_extension_by_name("rung.v1.rule")
        .expect("the contract has the option");
    let options = method.options();
    assert!(
        options.has_extension(&rule),
        "{} has no rule",
        method.full_name()
    );
    let value = options.get_extension(&rule);
    let message = value.as_message().expect("a message");
    let number = |value: &Value| value.as_enum_number().unwrap_or_default();
    let field = |name: &str| message.get_field_by_name(name);
    field("audience").map_or(0, |value| number(&value))
}

/// Calls a method with an empty message.
fn call(api: &Api, method: &MethodDescriptor) -> Result<std::result::Result<(), Status>> {
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = PathAndQuery::try_from(path)?;
    let request = api.request(());
    let streams = method.is_server_streaming();
    let mut client = Grpc::new(api.channel());
    Ok(api.wait(async {
        client
            .ready()
            .await
            .map_err(|error| Status::unavailable(error.to_string()))?;
        let codec = ProstCodec::<(), ()>::default();
        if streams {
            let mut answers = client
                .server_streaming(request, path, codec)
                .await?
                .into_inner();
            while answers.message().await?.is_some() {}
        } else {
            client.unary(request, path, codec).await?;
        }
        Ok(())
    }))
}

fn without_a_token_every_door_is_closed(clinic: &mut Clinic) -> Result<()> {
    let api = Api::anonymous(clinic)?;
    let mut forged = Api::of(clinic, &clinic.physio)?;
    forged.spoil_token();
    for method in methods()? {
        let audience = audience(&method);
        for api in [&api, &forged] {
            let answer = call(api, &method)?;
            let Err(status) = answer else {
                panic!("{} answered an empty message", method.full_name());
            };
            let refused = Refused::from(&status);
            if audience == ANONYMOUS {
                assert_eq!(refused.reason, "INVALID_FIELDS", "{}", method.full_name());
            } else {
                assert_eq!(
                    (refused.code, refused.reason.as_str()),
                    (Code::Unauthenticated, "TOKEN_INVALID"),
                    "{}",
                    method.full_name()
                );
            }
        }
    }
    Ok(())
}

fn health_is_told_per_service(clinic: &mut Clinic) -> Result<()> {
    let api = Api::anonymous(clinic)?;
    let mut health = HealthClient::new(api.channel());
    let mut names = vec![String::new()];
    for method in methods()? {
        names.push(method.parent_service().full_name().to_owned());
    }
    names.dedup();
    assert!(names.len() > 7, "{names:?}");
    for service in names {
        let answer = api.answer(health.check(api.request(HealthCheckRequest {
            service: service.clone(),
        })))?;
        assert_eq!(answer.status(), ServingStatus::Serving, "{service}");
    }
    let unknown = HealthCheckRequest {
        service: "rung.v1.NoService".to_owned(),
    };
    let refused = api.wait(health.check(api.request(unknown)));
    assert_eq!(
        refused.err().map(|status| status.code()),
        Some(Code::NotFound)
    );
    Ok(())
}

macro_rules! reflected_services {
    ($api:expr, $version:ident) => {{
        use tonic_reflection::pb::$version::{
            ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
            server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
        };
        let mut client = ServerReflectionClient::new($api.channel());
        let ask = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let answers = client.server_reflection_info(tokio_stream::iter([ask]));
        $api.wait(async {
            let answer = answers.await?.into_inner().message().await?;
            let Some(MessageResponse::ListServicesResponse(list)) =
                answer.and_then(|answer| answer.message_response)
            else {
                return Err(Status::internal("no list of services"));
            };
            Ok(list
                .service
                .into_iter()
                .map(|service| service.name)
                .collect::<Vec<_>>())
        })
    }};
}

fn reflection_answers_in_both_versions(clinic: &mut Clinic) -> Result<()> {
    let api = Api::anonymous(clinic)?;
    let v1 = reflected_services!(api, v1)?;
    let v1alpha = reflected_services!(api, v1alpha)?;
    for services in [v1, v1alpha] {
        for method in methods()? {
            let service = method.parent_service().full_name().to_owned();
            assert!(
                services.contains(&service),
                "{service} is not among {services:?}"
            );
        }
    }
    Ok(())
}

fn leaves_when_asked(clinic: &mut Clinic) -> Result<()> {
    assert_eq!(clinic.stop()?, 0, "an orderly end exits with 0");
    Ok(())
}
