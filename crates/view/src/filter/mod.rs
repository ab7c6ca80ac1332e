//! The one filter language of every list and stream: `state:failed agent:port* age>5m !quote /re/`.

mod complete;
mod field;
mod level;
mod matching;
mod parsed;
mod pattern;
#[cfg(test)]
mod properties;
mod record;
mod refine;
mod term;
mod token;

pub use complete::{Completion, FilterVocabulary, complete};
pub use level::LineSeverity;
pub use parsed::{Filter, FilterError, PartialFilter};
pub use record::{FilterRecord, StateFilter};
