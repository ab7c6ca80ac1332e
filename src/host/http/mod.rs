//! The HTTP interface of a served run: probes, health, status and metrics.

mod observer;
mod routes;
mod server;

pub(crate) use observer::{ObserverParts, RunObserver};
pub(crate) use server::HttpServer;
