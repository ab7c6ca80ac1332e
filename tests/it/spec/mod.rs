//! The tests the specification lists, a file for each component it lists them under.

mod daily_trading_workflow;
mod execution;
mod given;
mod given_workflow;
mod handlers;
mod integration;
mod orchestration_controller;
mod performance;
mod workflow_engine;
