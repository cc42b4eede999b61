use std::sync::LazyLock;

use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};

static POOL: LazyLock<Option<DescriptorPool>> =
    LazyLock::new(|| DescriptorPool::decode(crate::FILE_DESCRIPTOR_SET).ok());

/// A message could not be written as JSON: its type is not part of `rung.v1`.
#[derive(Debug)]
pub struct JsonError(String);

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// The canonical proto3 JSON of a message, with the field names of the proto files and with fields that are at their
/// default, so that a reader never has to guess between "empty" and "unknown".
pub fn to_json<M: Message + Name>(message: &M) -> Result<serde_json::Value, JsonError> {
    let fault = |e: &dyn std::fmt::Display| JsonError(format!("{}: {e}", M::full_name()));
    let descriptor = POOL
        .as_ref()
        .and_then(|pool| pool.get_message_by_name(&M::full_name()))
        .ok_or_else(|| fault(&"not part of rung.v1"))?;
    let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
        .map_err(|e| fault(&e))?;
    dynamic
        .serialize_with_options(
            serde_json::value::Serializer,
            &SerializeOptions::new()
                .use_proto_field_name(true)
                .skip_default_fields(false)
                .stringify_64_bit_integers(false),
        )
        .map_err(|e| fault(&e))
}

#[cfg(test)]
mod tests {
    use super::to_json;
    use crate::v1;

    #[test]
    fn json_has_proto_names_and_tells_missing_from_zero() {
        let report = v1::SessionReport {
            pain_during: Some(0),
            ..Default::default()
        };
        let json = to_json(&report).unwrap();
        assert_eq!(json["pain_during"], 0);
        assert!(json.get("pain_after").is_none());
        assert_eq!(json["swelling"], "SWELLING_UNSPECIFIED");
    }
}
