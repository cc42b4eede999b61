//! The comments of the methods are part of the contract: they say the same as the rules, the messages and the reasons.

use std::collections::BTreeSet;

use prost_reflect::{DescriptorPool, MessageDescriptor, MethodDescriptor};

use crate::{FILE_DESCRIPTOR_SET, v1};

type Words = BTreeSet<String>;

/// What the comment of a method says.
struct Said {
    method: String,
    roles: String,
    errors: String,
}

impl Said {
    /// Fails when the comment has not the form of all others.
    fn by(method: &MethodDescriptor) -> Self {
        let name = method.full_name().to_owned();
        let file = method.parent_file();
        let comment = comment(&file, method.path());
        let comment = comment.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, said) = comment
            .split_once(" Roles: ")
            .unwrap_or_else(|| panic!("{name} does not say who may call it"));
        let (roles, errors) = said
            .split_once(". Errors: ")
            .unwrap_or_else(|| panic!("{name} does not say how it fails"));
        Self {
            method: name,
            roles: roles.to_owned(),
            errors: errors.to_owned(),
        }
    }

    /// The reasons that are listed, up to the full stop outside brackets, each with whether brackets say more.
    fn list(&self) -> Vec<(String, bool)> {
        let mut depth = 0;
        let mut items = vec![(String::new(), false)];
        for c in self.errors.chars() {
            let bracket = i32::from(c == '(') - i32::from(c == ')');
            depth += bracket;
            let Some((item, more)) = items.last_mut() else {
                continue;
            };
            match c {
                '.' | ':' if depth == 0 => break,
                ',' if depth == 0 => items.push((String::new(), false)),
                _ if depth > 0 || bracket != 0 => *more = true,
                _ => item.push(c),
            }
        }
        items.retain(|(item, _)| item != "none of its own");
        let trimmed = items
            .into_iter()
            .map(|(item, more)| (item.trim().to_owned(), more));
        trimmed.collect()
    }
}

fn comment(file: &prost_reflect::FileDescriptor, path: &[i32]) -> String {
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let mut locations = info.unwrap().location.iter();
    let here = locations.find(|location| location.path == path);
    here.and_then(|here| here.leading_comments.clone())
        .unwrap_or_default()
}

/// The words in capitals, such as `NOT_FOUND`.
fn capitals(text: &str) -> Words {
    text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
        .filter(|word| word.len() > 3)
        .map(str::to_owned)
        .collect()
}

fn pool() -> DescriptorPool {
    DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap()
}

fn methods(pool: &DescriptorPool) -> Vec<MethodDescriptor> {
    let methods = pool
        .services()
        .flat_map(|s| s.methods().collect::<Vec<_>>());
    methods.collect()
}

fn reasons(pool: &DescriptorPool) -> Words {
    let reasons = pool.get_enum_by_name("rung.v1.ErrorReason").unwrap();
    reasons
        .values()
        .map(|v| v.name().trim_start_matches("ERROR_REASON_").to_owned())
        .filter(|name| name != "UNSPECIFIED")
        .collect()
}

/// The reasons that need no listing, as the comment of the reasons has them.
fn common(pool: &DescriptorPool) -> Words {
    let reasons = pool.get_enum_by_name("rung.v1.ErrorReason").unwrap();
    let comment = comment(&reasons.parent_file(), reasons.path());
    let (_, said) = comment.split_once("Any method may answer these").unwrap();
    let (said, _) = said.split_once("A method lists").unwrap();
    capitals(said)
}

fn rule(method: &MethodDescriptor) -> v1::Rule {
    let extension = method.parent_pool().get_extension_by_name("rung.v1.rule");
    let options = method.options();
    let value = options.get_extension(&extension.unwrap());
    value.as_message().unwrap().transcode_to().unwrap()
}

fn has(message: &MessageDescriptor, field: &str) -> bool {
    message.get_field_by_name(field).is_some()
}

// Seen failing with a reason misspelt, with one of the common ones listed, and with one taken out of the list above.
#[test]
fn a_method_lists_reasons_that_exist_and_are_its_own() {
    let pool = pool();
    let (known, common) = (reasons(&pool), common(&pool));
    assert_eq!(common.len(), 10, "{common:?}");
    assert!(common.is_subset(&known), "{common:?}");
    let mut listed = Words::new();
    for method in methods(&pool) {
        let said = Said::by(&method);
        for (reason, explained) in said.list() {
            let method = &said.method;
            assert!(known.contains(&reason), "{method} says {reason}");
            let general = common.contains(&reason) && !explained;
            assert!(
                !general,
                "{method} lists {reason} without a meaning of its own"
            );
            listed.insert(reason);
        }
    }
    let told: Words = listed.union(&common).cloned().collect();
    assert_eq!(told, known, "a reason that no method answers");
}

// Seen failing with a role, a scope and an audience changed in a rule.
#[test]
fn a_method_names_the_roles_and_scopes_of_its_rule() {
    for method in methods(&pool()) {
        let (said, rule) = (Said::by(&method), rule(&method));
        let (roles, scopes) = said
            .roles
            .split_once(". Scope: ")
            .unwrap_or((&said.roles, ""));
        let ruled: Words = rule
            .roles()
            .map(|role| role.as_str_name().trim_start_matches("ROLE_").to_owned())
            .collect();
        assert_eq!(capitals(roles), ruled, "{}", said.method);
        let ruled: Words = rule
            .scopes()
            .map(|scope| scope.as_str_name().trim_start_matches("SCOPE_").to_owned())
            .collect();
        assert_eq!(capitals(scopes), ruled, "{}", said.method);
        let begins = match rule.audience() {
            v1::Audience::Anonymous => "none",
            v1::Audience::Account => "any account",
            v1::Audience::Member | v1::Audience::Unspecified => continue,
        };
        assert!(roles.starts_with(begins), "{}: {roles}", said.method);
    }
}

// Seen failing with each of the three taken out of a comment.
#[test]
fn a_method_says_what_its_request_brings_with_it() {
    for method in methods(&pool()) {
        let said = Said::by(&method);
        let reasons: Words = said.list().into_iter().map(|(reason, _)| reason).collect();
        for (field, reason) in [
            ("request_id", "REQUEST_ID_REUSED"),
            ("page_token", "PAGE_TOKEN_INVALID"),
            ("etag", "ETAG_STALE"),
        ] {
            let brought = has(&method.input(), field);
            assert_eq!(
                brought,
                reasons.contains(reason),
                "{}: {reason}",
                said.method
            );
        }
        let idempotent = said.errors.contains(". Idempotent by request_id");
        assert_eq!(
            idempotent,
            has(&method.input(), "request_id"),
            "{}",
            said.method
        );
    }
}
