//! Check-ins and the caseload.

use rung_proto::v1;
use rung_tests::now;

use super::{Ask, Scene, ask, fresh};
use crate::matrix::answer::Expect;

impl Scene<'_> {
    pub(super) fn check_in(&self, rpc: &str) -> Ask {
        let record = self.record();
        let athlete_id = record.athlete.clone();
        let is = |path: &'static str| vec![Expect::is(path, &athlete_id)];
        match rpc {
            "SubmitCheckIn" => {
                let request = v1::SubmitCheckInRequest {
                    check_in: Some(v1::CheckIn {
                        id: fresh(),
                        athlete_id: athlete_id.clone(),
                        performed_at: Some(prost_types::Timestamp {
                            seconds: now().timestamp(),
                            nanos: 0,
                        }),
                        no_red_flags: true,
                        note: "Slept well.".to_owned(),
                        report: Some(v1::check_in::Report::Morning(v1::MorningReport {
                            pain: Some(1),
                            stiffness: Some(10),
                            swelling: v1::Swelling::None.into(),
                        })),
                        ..v1::CheckIn::default()
                    }),
                };
                ask(&request, is("/check_in/athlete_id"))
            }
            "ListCheckIns" => {
                let request = v1::ListCheckInsRequest {
                    athlete_id: athlete_id.clone(),
                    ..v1::ListCheckInsRequest::default()
                };
                let mut expect = is("/check_ins/*/athlete_id");
                if self.caller == "supp" {
                    // The consent opens check-ins and no notes.
                    expect.push(Expect::Lacks("Slept well.".to_owned()));
                }
                ask(&request, expect)
            }
            _ => {
                let own = Expect::has("/entries/*/athlete_id", &athlete_id);
                let not = Expect::Lacks(self.world.same.athlete.clone());
                let expect = vec![own, not, Expect::Empty("/entries/*")];
                ask(&v1::ListCaseloadRequest::default(), expect)
            }
        }
    }
}
