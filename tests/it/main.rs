//! The one test binary.
mod market;
mod market_data;
mod trading;
mod trading_day;
mod trading_gate;
mod trading_gate_case;
