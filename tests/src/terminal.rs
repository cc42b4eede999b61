//! A terminal that nobody sits at, for what only a person is shown.

use std::{
    fs::File,
    io::Read,
    os::fd::OwnedFd,
    process::{Command, Stdio},
};

use rustix::{
    fs::{Mode, OFlags, open},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcgetwinsize, tcsetwinsize},
};

use crate::Result;

/// Lines enough for any table.
const ROWS: u16 = 1000;

/// Runs a command with its output and its talk on a terminal of so many columns, without colour; returns what stood
/// there and the exit code.
pub(crate) fn capture(command: &mut Command, columns: u16) -> Result<(String, i32)> {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&screen)?;
    unlockpt(&screen)?;
    let line: OwnedFd = open(
        ptsname(&screen, vec![])?,
        OFlags::RDWR | OFlags::NOCTTY,
        Mode::empty(),
    )?;
    tcsetwinsize(
        &line,
        Winsize {
            ws_row: ROWS,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        },
    )?;
    let mut child = command
        .env("NO_COLOR", "1")
        .env("COLUMNS", columns.to_string())
        .stdin(Stdio::null())
        .stdout(line.try_clone()?)
        .stderr(line)
        .spawn()?;
    // The command holds copies of the line; with the last one closed the reading below ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut bytes = vec![];
    // Linux answers EIO, not an end of file, when the line is closed; what came before it is read all the same.
    let _ = File::from(screen).read_to_end(&mut bytes);
    let code = child.wait()?.code().unwrap_or(-1);
    Ok((String::from_utf8(bytes)?.replace("\r\n", "\n"), code))
}

/// Columns of the terminal that this program writes to; 100 when it is none.
pub fn columns() -> u16 {
    match tcgetwinsize(std::io::stdout()) {
        Ok(size) if size.ws_col > 0 => size.ws_col,
        _ => 100,
    }
}
