//! Ladders.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, table::Object, world::ladder};

impl Scene<'_> {
    pub(super) async fn ladder(&self, rpc: &str, field: &str) -> Result<Ask> {
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
            "UpdateLadder" => {
                let draft = self.draft().await?;
                let mut definition = draft.definition.unwrap_or_else(ladder);
                definition.title = format!("Along the water, {}", fresh());
                let expect = vec![
                    Expect::is("/ladder/id", &draft.id),
                    Expect::is("/ladder/definition/title", &definition.title),
                ];
                let request = v1::UpdateLadderRequest {
                    request_id: fresh(),
                    ladder_id: draft.id,
                    etag: draft.etag,
                    definition: Some(definition),
                };
                ask(&request, expect)
            }
            "CloneLadder" => {
                let expect = vec![
                    Expect::is("/ladder/cloned_from/ladder_id", &record.ladder),
                    Expect::is("/ladder/state", "LADDER_STATE_DRAFT"),
                ];
                let request = v1::CloneLadderRequest {
                    request_id: fresh(),
                    ladder_id: record.ladder,
                    key: ladder().key,
                    title: String::new(),
                };
                ask(&request, expect)
            }
            "DiffLadderVersions" => {
                // Held against one of the caller's own clinic, from which it differs by its key.
                let other = self.world.draft_ladder(self.world.own.keeper).await?;
                let key = match self.object {
                    Object::Missing => String::new(),
                    _ => {
                        let read = self.world.read_ladder(record.keeper, &record.ladder);
                        read.await?.key
                    }
                };
                let (from, to, side) = match field {
                    "from_ladder_id" => (record.ladder, other.id, "/changes/*/before"),
                    _ => (other.id, record.ladder, "/changes/*/after"),
                };
                let request = v1::DiffLadderVersionsRequest {
                    from_ladder_id: from,
                    to_ladder_id: to,
                };
                ask(&request, vec![Expect::has(side, &key)])
            }
            "ArchiveLadder" => {
                let mut offered = self.draft().await?;
                if self.object != Object::Missing {
                    offered = self.world.publish(record.keeper, &offered).await?;
                }
                let expect = vec![
                    Expect::is("/ladder/id", &offered.id),
                    Expect::is("/ladder/state", "LADDER_STATE_ARCHIVED"),
                ];
                let request = v1::ArchiveLadderRequest {
                    request_id: fresh(),
                    ladder_id: offered.id,
                    etag: offered.etag,
                };
                ask(&request, expect)
            }
            "PublishLadder" => {
                let draft = self.draft().await?;
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

    /// A draft of the object's clinic; of the missing one, an id that nobody has.
    async fn draft(&self) -> Result<v1::Ladder> {
        let record = self.record();
        match self.object {
            Object::Missing => Ok(v1::Ladder {
                id: record.ladder,
                etag: "1".to_owned(),
                ..v1::Ladder::default()
            }),
            _ => self.world.draft_ladder(record.keeper).await,
        }
    }
}
