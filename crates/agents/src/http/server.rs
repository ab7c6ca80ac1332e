//! The server of an agent over HTTP, and its declaration.

use diag::{BAD_WORD, DiagnosticCollector, MappingReader, YamlNode};

/// An HTTP server that is an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpServer {
    /// Its address, without a secret.
    pub url: String,
    /// Host and port.
    pub(crate) authority: String,
    /// The path of the address.
    pub(crate) path: String,
    /// Name of the environment variable with the bearer token.
    pub token_env: Option<String>,
}

impl HttpServer {
    /// Reads an address: `http://HOST[:PORT][/PATH]`.
    ///
    /// # Errors
    ///
    /// The problem with the address.
    pub fn parse(url: &str, token_env: Option<String>) -> Result<Self, String> {
        if url.starts_with("https://") {
            return Err("https is not built; put a local proxy that speaks TLS before it".into());
        }
        let rest = url.strip_prefix("http://").ok_or("the address must begin with http://")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err("the address holds a secret; name its variable in `token_env`".into());
        }
        let parsed: hyper::Uri = url.parse().map_err(|error| format!("no address: {error}"))?;
        let host = parsed.host().filter(|host| !host.is_empty()).ok_or("it names no host")?;
        let loopback = ["localhost", "127.0.0.1", "[::1]"];
        if token_env.is_some() && !loopback.contains(&host) {
            return Err("a token would cross the network in clear; use an address of this \
                        machine, such as a local proxy that speaks TLS"
                .into());
        }
        let authority = match parsed.port_u16() {
            Some(_) => authority.to_owned(),
            None => format!("{host}:80"),
        };
        Ok(Self { url: url.to_owned(), authority, path: format!("/{path}"), token_env })
    }
}

/// Reads the value of `http` of a declaration.
pub(crate) fn read_http(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<HttpServer> {
    let mut fields = MappingReader::open(node, &node.span, "an `http` agent", sink)?;
    let url = fields.required("url");
    let token_env = fields.get("token_env");
    fields.finish(sink);
    let url = url?;
    let token = match token_env {
        Some(entry) => {
            let name = entry.value.read_text(sink)?;
            if !name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
                let message = "`token_env` is no name of an environment variable".to_owned();
                sink.report(BAD_WORD, &entry.value.span, message)
                    .with_help("write the variable's name in capitals, never the token itself");
                return None;
            }
            Some(name.to_owned())
        }
        None => None,
    };
    let text = url.value.read_text(sink)?;
    let server = HttpServer::parse(text, token).map_err(|problem| {
        sink.report(BAD_WORD, &url.value.span, format!("cannot use this address: {problem}"));
    });
    server.ok()
}
