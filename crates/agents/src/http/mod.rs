//! Agents behind an HTTP server that takes the messages of the line protocol as POST requests.

mod client;
mod server;
#[cfg(test)]
mod tests;

pub(crate) use client::HttpClient;
pub use server::HttpServer;
pub(crate) use server::read_http;
