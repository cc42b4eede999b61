//! The page behind the link of an invitation: it says how to use the code, and does nothing.
//!
//! The code is the fragment of the address, which a browser keeps to itself. A script could read it, and hand it on; so
//! there is none, and the page's policy lets none run.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;\
    color:#222;background:#fff}code{background:#eee;padding:.1rem .3rem;border-radius:.2rem}pre{overflow-x:auto}";

const BODY: &str = "<h1>You are invited</h1>
<p>Somebody has invited you to Rung: your clinic, or an athlete who lets you see parts of their record. Your invitation
code is the part of this page's address after the <code>#</code>: four groups of eight letters and digits. It stayed in
your browser; this server has not seen it.</p>
<ol>
<li>Install the program <code>rung</code>, or ask whoever has invited you for it.</li>
<li>Copy the code from the address bar.</li>
<li>Run this, with the address of this page up to, and without, <code>/join</code>:
<pre><code>rung join CODE --server ADDRESS</code></pre>
If you have an account here already, give its password when you are asked. If you are new here, add
<code>--name \"YOUR NAME\"</code>, and choose a password.</li>
</ol>
<p>The code works once: for 24 hours if you are to work at the clinic, for 7 days if you are an athlete or somebody whom
an athlete has invited. If it has run out, ask whoever has invited you for another. Whoever has the code can use it in
your place: do not pass it on.</p>";

/// The page with its headers.
#[derive(Clone)]
pub(super) struct Page {
    html: Bytes,
    policy: HeaderValue,
}

pub(super) fn page() -> Page {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>You are invited to Rung</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{BODY}\n</body>\n</html>\n"
    );
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    Page {
        html: html.into(),
        // Base64 and what stands above: all of it may stand in a header.
        policy: HeaderValue::try_from(policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'")),
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers = super::fixed([
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ]);
        let policy = [(header::CONTENT_SECURITY_POLICY, self.policy)];
        (headers, policy, self.html).into_response()
    }
}
