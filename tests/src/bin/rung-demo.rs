//! `make demo`: a clinic to try Rung on, with four athletes whose weeks went differently.
//!
//! Everything goes through the real server and the real client. With `--once` it shows what there is and leaves.

use std::{
    io::{Write, stdout},
    path::{Path, PathBuf},
};

use rung_tests::{Demo, PASSWORD, Result};

fn main() -> Result<()> {
    let once = std::env::args().skip(1).any(|arg| arg == "--once");
    let bin = rung_tests::binary("rung")?;
    let bin = bin.parent().ok_or("the client lies nowhere")?.to_owned();
    let mut out = stdout();
    writeln!(
        out,
        "Seeding a clinic with one physiotherapist and four athletes …"
    )?;
    let demo = Demo::seed(bin.parent().unwrap_or(&bin))?;

    writeln!(out, "\n$ rung --profile pia caseload\n")?;
    write!(
        out,
        "{}",
        demo.physio().shown(&["caseload"], rung_tests::columns())?
    )?;

    let here = std::env::current_dir()?;
    let bin = relative(&bin, &here);
    let sign_ins = relative(&demo.sign_ins(), &here);
    write!(
        out,
        "
Try it. In another terminal, from this directory (everybody is signed in; the password of all is \"{PASSWORD}\"):

  export PATH=\"{bin}:$PATH\" RUNG_CONFIG_DIR=\"{sign_ins}\"

As Pia, the physiotherapist:

  rung --profile pia caseload
  rung --profile pia decisions \"Ben Okoro\"
  rung --profile pia plan show \"Carla Reyes\"
  rung --profile pia plan resume \"Carla Reyes\" --rung 0 --reason \"Calf examined, no thrombosis.\"
  rung --profile pia ladders list

As Anna, an athlete:

  rung --profile anna today
  rung --profile anna checkin session --pain-during 1 --pain-after 0 --altered-gait no --swelling none \\
      --dose 4 --confidence 8 --no-red-flags
  rung --profile anna decisions

",
        bin = shell_path(&bin),
        sign_ins = shell_path(&sign_ins),
    )?;
    if once {
        return Ok(());
    }
    writeln!(
        out,
        "Serving on {} until Ctrl-C; then everything is gone.",
        demo.url()
    )?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = terminate.recv() => Ok(()),
        }
    })?;
    writeln!(out, "\nGone.")?;
    Ok(())
}

/// A path as short as it can be said from here.
fn relative(path: &Path, here: &Path) -> PathBuf {
    path.strip_prefix(here)
        .map_or_else(|_| path.to_owned(), Path::to_owned)
}

/// A path that means the same after a `cd`.
fn shell_path(path: &Path) -> String {
    if path.is_absolute() {
        path.display().to_string()
    } else {
        format!("$PWD/{}", path.display())
    }
}
