//! The public contract of Rung: `rung.v1` as Rust types, clients and server traits, its descriptor, and its JSON.
//!
//! How do I add an RPC? Write it into `rung/v1/<resource>.proto` with a `rule`; the server does not compile until it
//! is implemented, and denies it until it has the rule.

mod json;

pub use json::{JsonError, to_json};

/// The serialized `FileDescriptorSet` of `rung.v1` and its imports, custom options included.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rung.v1.bin"));

/// Package `rung.v1`.
#[expect(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    reason = "generated; the documentation is that of the proto files"
)]
pub mod v1 {
    tonic::include_proto!("rung.v1");
}

#[cfg(test)]
#[path = "comment_test.rs"]
mod comment;
