//! The one filter language of every list and stream: `state:failed agent:port* age>5m !quote /re/`.

mod complete;
mod field;
#[cfg(test)]
mod law;
mod level;
mod matching;
mod parsed;
mod pattern;
mod record;
mod refine;
mod term;
mod token;

pub use complete::{Completion, Vocabulary, complete};
pub use level::Level;
pub use parsed::{Filter, FilterError, Typed};
pub use record::{Record, Standing};
