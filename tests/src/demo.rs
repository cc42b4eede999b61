use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};

use crate::{Backend, Clinic, Member, Result, Rung, now, text};

/// A clinic in the middle of its work: Anna climbs, Ben had to step back, Carla is paused by a red flag, David has
/// not been heard of since he came back from a break.
///
/// The histories are the same every day, counted back from today.
pub struct Demo {
    clinic: Clinic,
    today: NaiveDate,
}

/// A session: days ago, rung, dose, and what differs from "no complaint".
type Session<'a> = (u64, &'a str, &'a str, &'a [&'a str]);

impl Demo {
    /// Starts a server on an embedded database under `dir` and fills it.
    pub fn seed(dir: &Path) -> Result<Self> {
        let demo = Self {
            clinic: Clinic::open_in(dir, Backend::Sqlite)?,
            today: now().date_naive(),
        };
        demo.climbing()?;
        demo.stepped_back()?;
        demo.paused()?;
        demo.silent()?;
        Ok(demo)
    }

    /// Pia.
    pub fn physio(&self) -> &Rung {
        &self.clinic.physio
    }

    /// An athlete by first name.
    pub fn athlete(&self, profile: &str) -> Rung {
        self.clinic.physio.profile(profile)
    }

    /// Where everybody's sign-in lies.
    pub fn sign_ins(&self) -> PathBuf {
        self.clinic.sign_ins()
    }

    /// Where the server listens.
    pub fn url(&self) -> String {
        self.clinic.url()
    }

    /// Two good sessions a rung, up each time.
    fn climbing(&self) -> Result<()> {
        let anna = self.prescribe("Anna Lind", "soldiers-overuse-knee", 14)?;
        for (days, rung) in [(12, "0"), (10, "0"), (8, "1"), (6, "1"), (4, "2"), (2, "2")] {
            let dose = (rung.parse::<u32>()? + 1).to_string();
            self.session(
                &anna,
                (
                    days,
                    rung,
                    &dose,
                    &["--rpe", "3", "--cue-held", "Land lightly"],
                ),
            )?;
            self.morning(&anna, days - 1, "0")?;
        }
        Ok(())
    }

    /// Up twice, held by the weekly limit, then pain.
    fn stepped_back(&self) -> Result<()> {
        let ben = self.prescribe("Ben Okoro", "udel-knee", 9)?;
        for (days, rung, dose) in [(7, "0", "1609"), (5, "1", "2092"), (3, "2", "2414")] {
            self.session(&ben, (days, rung, dose, &["--rpe", "4"]))?;
            self.morning(&ben, days - 1, "0")?;
        }
        let pain = [
            "--pain-during",
            "4",
            "--pain-after",
            "3",
            "--discomfort",
            "front of the knee",
            "--side",
            "left",
        ];
        self.session(&ben, (1, "2", "2300", &pain))
    }

    /// A calf that swells without a reason.
    fn paused(&self) -> Result<()> {
        let carla = self.prescribe("Carla Reyes", "oxsport-walk-run", 7)?;
        for days in [6, 4] {
            self.session(
                &carla,
                (
                    days,
                    "0",
                    "900",
                    &["--pain-during", "0", "--pain-after", "0"],
                ),
            )?;
            self.morning(&carla, days - 1, "0")?;
        }
        let flag = [
            "--pain-during",
            "0",
            "--pain-after",
            "0",
            "--red-flag",
            "calf-swelling",
        ];
        self.session(&carla, (2, "0", "900", &flag))
    }

    /// A break of nine days, one session after it, and silence.
    fn silent(&self) -> Result<()> {
        let david = self.prescribe("David Kim", "soldiers-overuse-knee", 40)?;
        for (days, rung) in [(36, "0"), (34, "0"), (32, "1"), (30, "1"), (28, "2")] {
            let dose = (rung.parse::<u32>()? + 1).to_string();
            self.session(&david, (days, rung, &dose, &[]))?;
            self.morning(&david, days - 1, "0")?;
        }
        self.session(&david, (19, "0", "1", &["--confidence", "5"]))
    }

    /// Adds an athlete and puts a plan into force so many days ago.
    fn prescribe(&self, name: &str, ladder: &str, days: u64) -> Result<Member> {
        let member = self.clinic.athlete(name, "Europe/Berlin")?;
        let plan = self.clinic.physio.json(&[
            "plan",
            "prescribe",
            name,
            "--ladder",
            ladder,
            "--confirm-all",
            "--baseline-pain",
            "0",
            "--baseline-stiffness",
            "5",
            "--anchor",
            "Ten minutes of mobility after the run",
            "--micro-goal",
            "Warm up longer=5 minutes",
            "--coping",
            "cue-word=Quiet feet, long breath",
        ])?;
        let plan = text(&plan, "/plan/id")?;
        self.clinic
            .physio
            .json(&["plan", "start", &plan, "--from", &self.ago(days)])?;
        Ok(member)
    }

    fn ago(&self, days: u64) -> String {
        (self.today - Days::new(days)).to_string()
    }

    fn session(&self, member: &Member, (days, rung, dose, more): Session<'_>) -> Result<()> {
        let at = format!("{}T07:00:00Z", self.ago(days));
        let mut args = vec![
            "checkin", "session", "--at", &at, "--rung", rung, "--dose", dose,
        ];
        for (flag, answer) in [
            ("--pain-during", "1"),
            ("--pain-after", "0"),
            ("--altered-gait", "no"),
            ("--swelling", "none"),
            ("--confidence", "8"),
        ] {
            if !more.contains(&flag) {
                args.extend([flag, answer]);
            }
        }
        if !more.contains(&"--red-flag") {
            args.push("--no-red-flags");
        }
        args.extend(more);
        member.rung.json(&args)?;
        Ok(())
    }

    fn morning(&self, member: &Member, days: u64, pain: &str) -> Result<()> {
        let at = format!("{}T06:00:00Z", self.ago(days));
        member.rung.json(&[
            "checkin",
            "morning",
            "--at",
            &at,
            "--pain",
            pain,
            "--stiffness",
            "5",
            "--swelling",
            "none",
            "--no-red-flags",
        ])?;
        Ok(())
    }
}
