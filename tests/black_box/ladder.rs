//! The life of a ladder: cloned, changed, judged, published, compared, taken off the shelf.

use std::{fs, path::Path};

use rung_proto::v1::{self, ladder_service_client::LadderServiceClient};
use rung_tests::{Clinic, Result, new_id, text};
use serde_json::Value;

use crate::{
    api::Api,
    on_both_databases,
    prescription::{prescribe, publish, unchanged},
};

on_both_databases!(
    a_ladder_of_the_library_becomes_the_clinics_own,
    what_is_archived_is_offered_no_more_and_plans_on_it_stay,
    every_ladder_of_the_library_is_a_file_again,
    what_is_published_or_built_in_is_not_changed,
);

/// The command line of `rung`.
fn rung(clinic: &Clinic, line: &str) -> Result<Value> {
    clinic.physio.json(&line.split(' ').collect::<Vec<_>>())
}

/// The reason for which a command line is refused, and the fields that it names.
fn refused(clinic: &Clinic, line: &str) -> Result<(String, Vec<String>)> {
    let refusal = clinic
        .physio
        .refused(&line.split(' ').collect::<Vec<_>>())?;
    let paths = refusal.paths().into_iter().map(str::to_owned).collect();
    Ok((refusal.reason, paths))
}

fn reason(clinic: &Clinic, line: &str) -> Result<String> {
    Ok(refused(clinic, line)?.0)
}

/// Keys and versions of a list.
fn listed(list: &Value) -> Vec<String> {
    let name = |ladder: &Value| {
        let key = ladder["definition"]["key"].as_str().unwrap_or_default();
        format!("{key}@{}", ladder["version"])
    };
    list.as_array().into_iter().flatten().map(name).collect()
}

/// Field, before and after of each change in an answer.
fn changes(answer: &Value) -> Vec<[&str; 3]> {
    let changes = answer["changes"].as_array().into_iter().flatten();
    changes
        .map(|change| {
            ["field", "before", "after"].map(|part| change[part].as_str().unwrap_or("nothing"))
        })
        .collect()
}

fn export(clinic: &Clinic, name: &str, file: &Path) -> Result<()> {
    let args = ["ladders", "export", name, "--to"].map(str::as_ref);
    clinic
        .physio
        .text(&[&args[..], &[file.as_os_str()]].concat())?;
    Ok(())
}

fn edit(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    Ok(fs::write(file, text.replace(from, to))?)
}

fn a_ladder_of_the_library_becomes_the_clinics_own(clinic: &mut Clinic) -> Result<()> {
    let home = tempfile::tempdir()?;
    let file = home.path().join("harbour-knee.toml");
    let path = file.display();

    // Cloned: a draft that says what it is made of.
    let clone = clinic.physio.json(&[
        "ladders",
        "clone",
        "udel-knee",
        "--key",
        "harbour-knee",
        "--title",
        "Harbour knee",
    ])?;
    let clone = &clone["ladder"];
    assert_eq!(clone["state"], "LADDER_STATE_DRAFT");
    assert_eq!(clone["cloned_from"]["key"], "udel-knee");
    assert_eq!(
        (&clone["version"], &clone["cloned_from"]["version"]),
        (&1.into(), &1.into())
    );
    let again = "ladders clone udel-knee --key";
    assert_eq!(
        reason(clinic, &format!("{again} harbour-knee"))?,
        "ALREADY_EXISTS"
    );
    assert_eq!(
        reason(clinic, &format!("{again} chop-acl"))?,
        "ALREADY_EXISTS"
    );
    let odd = refused(clinic, &format!("{again} Harbour"))?;
    assert_eq!(odd, ("INVALID_FIELDS".to_owned(), vec!["key".to_owned()]));
    assert_eq!(
        reason(clinic, "ladders clone no-such --key other")?,
        "NOT_FOUND"
    );

    // Changed in a file.
    export(clinic, "harbour-knee@1", &file)?;
    assert_eq!(
        reason(
            clinic,
            &format!("ladders export harbour-knee@1 --to {path}")
        )?,
        "FILE_EXISTS"
    );
    edit(&file, "dose = 2575", "dose = 2500")?;
    let found = rung(clinic, &format!("ladders lint {path}"))?;
    assert_eq!(found, Value::Array(vec![]));
    edit(&file, "dose = 2500", "dose = 2400")?;
    let found = rung(clinic, &format!("ladders lint {path}"))?;
    assert_eq!(
        (&found[0]["severity"], &found[0]["field"]),
        (&"warning".into(), &"rungs[3].dose".into())
    );
    edit(
        &file,
        "dose = 2400",
        "dose = 2400\nnote = \"Less, with shorter walks.\"",
    )?;
    assert_eq!(
        rung(clinic, &format!("ladders lint {path}"))?,
        Value::Array(vec![])
    );
    assert_eq!(
        reason(clinic, &format!("ladders update {path} --etag 7"))?,
        "ETAG_STALE"
    );
    let updated = rung(clinic, &format!("ladders update {path}"))?;
    assert_eq!(updated["ladder"]["etag"], "2");
    assert_eq!(updated["ladder"]["definition"]["rungs"][3]["dose"], 2400);
    assert_eq!(updated["ladder"]["cloned_from"], clone["cloned_from"]);

    // Published, and from then on for ever the same.
    assert_eq!(
        reason(clinic, "ladders publish --draft harbour-knee --etag 1")?,
        "ETAG_STALE"
    );
    let published = rung(clinic, "ladders publish --draft harbour-knee")?;
    assert_eq!(published["ladder"]["state"], "LADDER_STATE_PUBLISHED");
    assert_eq!(
        reason(clinic, &format!("ladders update {path}"))?,
        "NOT_FOUND"
    );

    // Compared with what it was made of, and with its next version.
    let expected = [
        ["key", "udel-knee", "harbour-knee"],
        [
            "title",
            "University of Delaware running progression, knee",
            "Harbour knee",
        ],
        ["rungs[3].dose", "2575", "2400"],
        ["rungs[3].note", "nothing", "Less, with shorter walks."],
    ];
    assert_eq!(
        changes(&rung(clinic, "ladders diff harbour-knee")?),
        expected
    );
    assert_eq!(
        changes(&rung(clinic, "ladders diff udel-knee harbour-knee")?),
        expected
    );
    edit(&file, "dose = 2400", "dose = 2600")?;
    rung(clinic, &format!("ladders publish {path}"))?;
    let step = [["rungs[3].dose", "2400", "2600"]];
    assert_eq!(changes(&rung(clinic, "ladders diff harbour-knee")?), step);
    let back = rung(clinic, "ladders diff harbour-knee@2 harbour-knee@1")?;
    assert_eq!(changes(&back), [["rungs[3].dose", "2600", "2400"]]);
    assert_eq!(reason(clinic, "ladders diff udel-knee")?, "LADDER");
    Ok(())
}

fn what_is_archived_is_offered_no_more_and_plans_on_it_stay(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let mia = clinic.athlete("Mia Holm", "Europe/Berlin")?;
    prescribe(clinic, &nils.id)?;

    let archived = unchanged(clinic, &nils.id, || {
        rung(clinic, "ladders archive harbour-loop")
    })?;
    assert_eq!(archived["ladder"]["state"], "LADDER_STATE_ARCHIVED");
    let once_more = rung(clinic, "ladders archive harbour-loop@1")?;
    assert_eq!(once_more, archived, "archiving it again changes nothing");

    // It is listed when asked for alone, and read as before.
    let loop_1 = "harbour-loop@1".to_owned();
    assert!(!listed(&rung(clinic, "ladders list")?).contains(&loop_1));
    assert!(listed(&rung(clinic, "ladders list --archived")?).contains(&loop_1));
    let shown = rung(clinic, "ladders show harbour-loop@1")?;
    assert_eq!(shown["ladder"], archived["ladder"]);
    assert_eq!(reason(clinic, "ladders show harbour-loop")?, "NOT_FOUND");

    // No plan is made on it; what is prescribed goes on.
    let (id, more) = (
        text(&archived, "/ladder/id")?,
        "--baseline-pain 1 --baseline-stiffness 10",
    );
    for name in ["harbour-loop@1", &id] {
        let line = format!(
            "plan prescribe {} --ladder {name} {more} --confirm-all",
            mia.id
        );
        let expected = vec!["definition.tracks[0].ladder_id".to_owned()];
        assert_eq!(
            refused(clinic, &line)?,
            ("LADDER_ARCHIVED".to_owned(), expected)
        );
    }
    rung(clinic, &format!("plan start {} --from 2015-08-01", nils.id))?;

    // Who wants it back clones it.
    let clone = rung(
        clinic,
        "ladders clone harbour-loop@1 --key harbour-loop-again",
    )?;
    assert_eq!(clone["ladder"]["cloned_from"]["ladder_id"], id);
    let draft = "ladders archive harbour-loop-again@1";
    assert_eq!(reason(clinic, draft)?, "LADDER_NOT_PUBLISHED");
    Ok(())
}

fn every_ladder_of_the_library_is_a_file_again(clinic: &mut Clinic) -> Result<()> {
    let home = tempfile::tempdir()?;
    let names = listed(&rung(clinic, "ladders list")?);
    assert!(names.len() >= 20, "{names:?}");
    for name in names {
        let file = home.path().join(format!("{name}.toml"));
        export(clinic, &name, &file)?;
        let path = file.display();
        let found = rung(clinic, &format!("ladders lint {path}"))?;
        assert_eq!(found, Value::Array(vec![]), "{name}");
        // Under another key it is the clinic's, and says the same.
        let (key, _) = name.split_once('@').ok_or("no version")?;
        let (old, own) = (format!("key = \"{key}\""), format!("own-{key}"));
        edit(&file, &old, &format!("key = \"{own}\""))?;
        rung(clinic, &format!("ladders publish {path}"))?;
        let answer = rung(clinic, &format!("ladders diff {name} {own}"))?;
        assert_eq!(changes(&answer), [["key", key, &own]], "{name}");
    }
    Ok(())
}

fn what_is_published_or_built_in_is_not_changed(clinic: &mut Clinic) -> Result<()> {
    let own = publish(clinic)?;
    let library = rung(clinic, "ladders show udel-knee")?;
    assert_eq!(
        reason(clinic, "ladders archive udel-knee")?,
        "LADDER_BUILT_IN"
    );
    let api = Api::of(clinic, &clinic.physio)?;
    let mut ladders = LadderServiceClient::new(api.channel());
    for (ladder, expected) in [(&own, "LADDER_PUBLISHED"), (&library, "LADDER_BUILT_IN")] {
        let ladder_id = text(ladder, "/ladder/id")?;
        let read = v1::GetLadderRequest {
            ladder_id: ladder_id.clone(),
        };
        let before = api
            .answer(ladders.get_ladder(api.request(read.clone())))?
            .ladder;
        let mut definition = before
            .clone()
            .and_then(|l| l.definition)
            .ok_or("no definition")?;
        definition.title.push_str(", changed");
        let refused = api.refused(ladders.update_ladder(api.request(v1::UpdateLadderRequest {
            request_id: new_id().to_string(),
            ladder_id,
            etag: before.as_ref().map(|l| l.etag.clone()).unwrap_or_default(),
            definition: Some(definition),
        })))?;
        assert_eq!(refused.reason, expected);
        assert_eq!(
            api.answer(ladders.get_ladder(api.request(read)))?.ladder,
            before
        );
    }
    Ok(())
}
