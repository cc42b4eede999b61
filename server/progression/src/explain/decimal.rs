//! Numbers with a rest, without a float: measures are whole numbers of small units.

use fluent_bundle::{FluentArgs, FluentValue};

/// The most digits behind the mark.
const PLACES: u32 = 6;

/// The Fluent function `DECIMAL($metres, per: 1000, places: 1)`: how many of `per` units
/// it is, rounded half up, without zeros at the end.
pub(super) fn function<'a>(
    mark: char,
    positional: &[FluentValue<'a>],
    named: &FluentArgs<'_>,
) -> FluentValue<'a> {
    let number = |name| match named.get(name) {
        Some(FluentValue::Number(number)) => Some(i64::from(number)),
        _ => None,
    };
    let Some(FluentValue::Number(value)) = positional.first() else {
        return FluentValue::Error;
    };
    let places = number("places").and_then(|places| u32::try_from(places).ok());
    let per = number("per").unwrap_or(1);
    match shown(value.into(), per, places.unwrap_or(0), mark) {
        Some(text) => text.into(),
        None => FluentValue::Error,
    }
}

fn shown(value: i64, per: i64, places: u32, mark: char) -> Option<String> {
    let scale = 10_i128.checked_pow(places.min(PLACES))?;
    let per = i128::from(per.max(1));
    let scaled = i128::from(value).checked_mul(scale)?;
    let rounded = (scaled * 2 + per).div_euclid(per * 2);
    let sign = if rounded < 0 { "−" } else { "" };
    let (whole, rest) = (rounded.abs() / scale, rounded.abs() % scale);
    let width = places.min(PLACES) as usize;
    let rest = format!("{rest:0width$}");
    let rest = rest.trim_end_matches('0');
    Some(if width == 0 || rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}{mark}{rest}")
    })
}

#[cfg(test)]
mod tests {
    use fluent_bundle::{FluentArgs, FluentValue};

    use super::{function, shown};

    #[test]
    fn a_message_names_the_unit_and_the_places() {
        let mut named = FluentArgs::new();
        named.set("per", 1000);
        named.set("places", 1);
        let told = function('.', &[FluentValue::from(12_449)], &named);
        assert_eq!(told, FluentValue::from("12.4"));
        let nothing = function('.', &[], &named);
        assert!(matches!(nothing, FluentValue::Error));
    }

    #[test]
    fn a_number_is_rounded_half_up_and_ends_without_zeros() {
        let told = |value, per, places| shown(value, per, places, '.').expect("a number");
        assert_eq!(told(12_449, 1000, 1), "12.4");
        assert_eq!(told(12_450, 1000, 1), "12.5");
        assert_eq!(told(12_000, 1000, 1), "12");
        assert_eq!(told(235, 100, 2), "2.35");
        assert_eq!(told(205, 100, 2), "2.05");
        assert_eq!(told(350, 60, 1), "5.8");
        assert_eq!(told(5, 1, 0), "5");
        assert_eq!(told(0, 1000, 1), "0");
        assert_eq!(told(-150, 100, 2), "−1.5");
        assert_eq!(shown(150, 100, 1, ',').as_deref(), Some("1,5"));
    }
}
