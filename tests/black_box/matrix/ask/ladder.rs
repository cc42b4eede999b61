//! Ladders.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, table::Object, world::ladder};

impl Scene<'_> {
    pub(super) async fn ladder(&self, rpc: &str) -> Result<Ask> {
        let record = self.record();
        Ok(match rpc {
            "CreateLadder" => {
                let definition = ladder();
                let key = Expect::is("/ladder/definition/key", &definition.key);
                let request = v1::CreateLadderRequest {
                    request_id: fresh(),
                    definition: Some(definition),
                };
                ask(&request, vec![key])
            }
            "LintLadder" => {
                // What is found is told of the very rung: in each message it is another one.
                let mut definition = ladder();
                let wrong = usize::from(fresh().ends_with(|digit: char| digit.is_ascii_digit()));
                definition.rungs[wrong].title.clear();
                let found = Expect::is("/findings/*/field", &format!("rungs[{wrong}].title"));
                let request = v1::LintLadderRequest {
                    definition: Some(definition),
                };
                ask(&request, vec![found])
            }
            "PublishLadder" => {
                let draft = match self.object {
                    Object::Missing => v1::Ladder {
                        id: record.ladder,
                        etag: "1".to_owned(),
                        ..v1::Ladder::default()
                    },
                    _ => self.world.draft_ladder(record.keeper).await?,
                };
                let id = Expect::is("/ladder/id", &draft.id);
                let request = v1::PublishLadderRequest {
                    request_id: fresh(),
                    ladder_id: draft.id,
                    etag: draft.etag,
                };
                ask(&request, vec![id])
            }
            "GetLadder" => {
                let id = Expect::is("/ladder/id", &record.ladder);
                let request = v1::GetLadderRequest {
                    ladder_id: record.ladder,
                };
                ask(&request, vec![id])
            }
            "ListLadders" => {
                let request = v1::ListLaddersRequest {
                    page_size: 200,
                    ..v1::ListLaddersRequest::default()
                };
                ask(&request, vec![Expect::has("/ladders/*/id", &record.ladder)])
            }
            _ => return fail(format!("LadderService/{rpc} has no message")),
        })
    }
}
