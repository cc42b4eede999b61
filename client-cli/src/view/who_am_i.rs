//! Who is signed in.

use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};

/// What somebody who is signed in should know now, a sentence each.
pub(crate) fn notices(who: &v1::WhoAmIResponse) -> Vec<String> {
    let mut notices = Vec::new();
    if who.second_factor_required {
        notices.push(
            "The clinic asks for a second factor, and you have none: all else is closed until `rung totp enroll`."
                .to_owned(),
        );
    }
    let look = "nobody has looked: rung audit break-glass --unseen";
    match who.break_glass_unseen {
        ..=0 => {}
        1 => notices.push(format!("Glass was broken once and {look}")),
        n => notices.push(format!("Glass was broken {n} times and {look}")),
    }
    notices
}

/// The answer to `whoami`.
pub(crate) struct WhoAmI(pub(crate) v1::WhoAmIResponse);

impl WhoAmI {
    /// A service account has no roles, and no second factor to speak of.
    fn is_service(&self) -> bool {
        !self.0.scopes.is_empty()
    }

    fn second_factor(&self) -> &'static str {
        match (self.is_service(), self.0.second_factor) {
            (true, _) => "",
            (false, true) => "on",
            (false, false) => "off",
        }
    }

    fn elsewhere(&self, current: &str) -> String {
        let others = self.0.memberships.iter();
        let told: Vec<String> = others
            .filter(|m| m.clinic_id != current)
            .map(|m| format!("{} ({})", m.clinic_name, word::roles(&m.roles)))
            .collect();
        told.join(", ")
    }
}

impl Screen for WhoAmI {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("email", For::All),
            ("display_name", For::All),
            ("clinic_name", For::All),
            ("roles", For::All),
            ("scopes", For::All),
            ("second_factor", For::All),
            ("second_factor_required", For::All),
            ("break_glass_unseen", For::All),
            ("clinics", For::All),
            ("person_id", For::All),
            ("clinic_id", For::All),
            ("athlete_id", For::All),
        ]);
        let who = &self.0;
        let membership = who.membership.clone().unwrap_or_default();
        sheet.row(vec![
            Cell::text(&who.email),
            Cell::text(&who.display_name),
            Cell::text(membership.clinic_name),
            Cell::text(word::roles(&membership.roles)),
            Cell::text(word::scopes(&who.scopes)),
            Cell::text(who.second_factor.to_string()),
            Cell::text(who.second_factor_required.to_string()),
            Cell::text(who.break_glass_unseen.to_string()),
            Cell::text(who.memberships.len().to_string()),
            Cell::text(&who.person_id),
            Cell::text(membership.clinic_id),
            Cell::text(membership.athlete_id),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let membership = self.0.membership.clone().unwrap_or_default();
        let mut text = fields(
            &[
                ("Name", self.0.display_name.clone()),
                ("E-mail", self.0.email.clone()),
                ("Clinic", membership.clinic_name),
                ("Roles", word::roles(&membership.roles)),
                ("Scopes", word::scopes(&self.0.scopes)),
                ("Second factor", self.second_factor().to_owned()),
                ("Also at", self.elsewhere(&membership.clinic_id)),
                ("Person", self.0.person_id.clone()),
                ("Athlete", membership.athlete_id),
            ],
            0,
            style,
        );
        for notice in notices(&self.0) {
            text.push('\n');
            text.push_str(&style.paint(Tone::Warn, &notice));
            text.push('\n');
        }
        text
    }
}
