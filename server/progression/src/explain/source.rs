//! Where evidence comes from, with the marks of `clinical.md`.

/// How good a source is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Found, and read.
    Found,
    /// Found: a secondary page that reports the primary one.
    Secondary,
    /// Known from the publication that is named, not looked up.
    Known,
    /// This project's own proposal; needs a physio's sign-off.
    Proposal,
}

/// One source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By its number in the list of sources.
    Found(u8),
    /// By its number in the list of sources: a page that reports the primary one.
    Secondary(u8),
    /// By name.
    Known(&'static str),
    /// Proposed by this project.
    Proposal,
}

impl Source {
    /// How good it is known.
    pub const fn kind(self) -> Mark {
        match self {
            Self::Found(_) => Mark::Found,
            Self::Secondary(_) => Mark::Secondary,
            Self::Known(_) => Mark::Known,
            Self::Proposal => Mark::Proposal,
        }
    }

    /// Its mark: `F21`, `F14 2°`, `K`, `P`.
    pub fn mark(self) -> String {
        match self {
            Self::Found(number) => format!("F{number}"),
            Self::Secondary(number) => format!("F{number} 2°"),
            Self::Known(_) => "K".to_owned(),
            Self::Proposal => "P".to_owned(),
        }
    }

    /// Where it is found; none for a proposal, and for a number that the list lacks.
    pub(super) fn reference(self) -> Option<&'static str> {
        match self {
            Self::Found(number) | Self::Secondary(number) => {
                let mut list = LIST.iter();
                let found = list.find(|(listed, _)| *listed == number);
                found.map(|(_, reference)| *reference)
            }
            Self::Known(name) => Some(name),
            Self::Proposal => None,
        }
    }
}

/// The sources of `clinical.md` that a row cites.
pub(super) const LIST: &[(u8, &str)] = &[
    (
        1,
        "ouci.dntb.gov.ua/en/works/9JxkMLN4 (doi 10.1007/s40279-024-02051-y)",
    ),
    (
        2,
        "trialsjournal.biomedcentral.com/articles/10.1186/s13063-023-07502-x/tables/1",
    ),
    (3, "pmc.ncbi.nlm.nih.gov/articles/PMC6693858/table/T4"),
    (4, "PMC6044585/table/T5"),
    (
        5,
        "chopib.staywellsolutionsonline.com/Library/Encyclopedia/22,37235",
    ),
    (
        8,
        "physioadvisor.com.au/health/injury-rehabilitation/return-to-running",
    ),
    (
        10,
        "docslib.org/download/4112938 (also semc.org/return-running)",
    ),
    (11, "scribd.com/doc/288525516"),
    (
        13,
        "ankleandfootnorthwest.com/blog/147922-want-to-start-running-again",
    ),
    (14, "droracle.ai/articles/401633 and /401636"),
    (
        15,
        "bjsm.bmj.com/content/52/22/1437; physioblogandreasbjerregaard.com/2018/05/02",
    ),
    (17, "studylib.net/doc/18651558"),
    (
        18,
        "albanychildphysio.com/post/grow-your-blog-community; providephysiotherapy.org.uk/pain-traffic-light",
    ),
    (19, "pelvico.ca/blog/the-pain-traffic-light"),
    (20, "peak-physio.com.au/education/the-traffic-light-system"),
    (
        21,
        "bim.physio/the-pain-monitoring-model; southsidephysio.com/1855-2",
    ),
    (
        22,
        "achievepodiatry.com.au/uncategorized/bone-stress-injuries-in-runners-with-next-gen-physio",
    ),
    (23, "taphysio.co.uk/patellofemoral-pain-in-runners"),
    (24, "ncbi.nlm.nih.gov/pubmed/31253060"),
    (25, "pubmed.ncbi.nlm.nih.gov/15207508"),
    (
        26,
        "mitchmedical.us/family-medicine/warning-symptoms-in-athletes.html; aafp.org/pubs/afp/issues/1999/1101/p2001.html",
    ),
    (
        27,
        "brainscape.com/flashcards/red-flags-18670194 (study cards; confirm before use)",
    ),
    (28, "ncbi.nlm.nih.gov/pubmed/22146368"),
    (29, "PMC6226070"),
    (30, "bjsm REDs CAT2 table 2, markup/131837"),
    (
        33,
        "unbrokn.fit/en/help/coaches/coach-training-load; forum.intervals.icu/t/2936",
    ),
    (
        35,
        "10.1136/bjsports-2024-109380 via pubhawk.com/detail/40623829",
    ),
    (38, "arc-running.com/run-walk-progression"),
    (39, "frontiersin.org/articles/10.3389/fpain.2021.739051"),
    (
        40,
        "scribd.com/document/611616497 (10.1016/j.brat.2014.04.006)",
    ),
    (41, "10.2147/JPR.S265709"),
    (
        44,
        "talkingtherapies.co.uk/resources/building-a-graded-exposure-hierarchy",
    ),
    (
        45,
        "ixcoach.com/practices/the-fear-ladder/build-the-hierarchy",
    ),
    (
        46,
        "mdedge jcomjournal/article/147101; g-apframework.scot/g-ap-training/measuring-confidence",
    ),
    (60, "bjsm.bmj.com/content/50/5/281"),
    (61, "pubmed 32991706"),
    (62, "globalauthorid.com (Joachim 2023, pubmed 38148661)"),
    (64, "denovortho.com/blog/clinical-alerts-that-work (vendor)"),
    (67, "bjsm.bmj.com/content/54/6/326"),
    (69, "hcpg.co.uk/is-your-documentation-up-to-standard"),
    (
        71,
        "elsmar.com thread 71209; issuu.com/bhta software flow chart",
    ),
];
