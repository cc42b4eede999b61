//! From the path of a field in the contract to the flag it came from, so that a refusal speaks the reader's language.

/// Pairs of proto path and flag; `[*]` in a path stands for any index. Each command has its own.
pub(crate) type Flags = &'static [(&'static str, &'static str)];

/// The flag of a path: of the path itself, else of the nearest message around it.
pub(crate) fn for_path(flags: Flags, path: &str) -> Option<String> {
    let path = without_indexes(path);
    let mut rest = path.as_str();
    loop {
        if let Some((_, flag)) = flags.iter().find(|(pattern, _)| *pattern == rest) {
            let inside = path[rest.len()..].trim_start_matches('.');
            // It is given once for each number, and names it.
            let named = *flag == "--policy" && !inside.is_empty();
            return Some(if named {
                format!("{flag} {inside}")
            } else {
                (*flag).to_owned()
            });
        }
        rest = &rest[..rest.rfind('.')?];
    }
}

/// `rungs[3].dose` as `rungs[*].dose`.
fn without_indexes(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => {
                inside = true;
                plain.push_str("[*");
            }
            ']' => {
                inside = false;
                plain.push(']');
            }
            _ if inside => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: Flags = &[
        ("check_in.session.pain_during", "--pain-during"),
        ("definition.tracks[*].policy", "--policy"),
        ("athlete_id", "--athlete"),
    ];

    #[test]
    fn a_path_is_told_as_its_flag() {
        let flag = |path| for_path(FLAGS, path);
        assert_eq!(
            flag("check_in.session.pain_during").as_deref(),
            Some("--pain-during")
        );
        assert_eq!(flag("athlete_id").as_deref(), Some("--athlete"));
        assert_eq!(flag("check_in.session.pain_after"), None);
    }

    #[test]
    fn a_path_inside_a_list_or_a_message_is_told_as_the_flag_of_the_whole() {
        let flag = |path| for_path(FLAGS, path);
        assert_eq!(flag("athlete_id.text").as_deref(), Some("--athlete"));
        assert_eq!(
            flag("definition.tracks[0].policy").as_deref(),
            Some("--policy")
        );
        assert_eq!(
            flag("definition.tracks[0].policy.green_max").as_deref(),
            Some("--policy green_max")
        );
    }
}
