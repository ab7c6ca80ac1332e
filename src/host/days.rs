//! Makes days: workflow files, market data and configuration, read once, settled for any date.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    day::moment_of_day,
    embedded_agents::EmbeddedAgents,
    input_file::{read_input_file, read_input_text},
    run_inputs::hash,
};
use agents::OwnAgents;
use config::Config;
use desk::market::{self, ApprovalPolicy, DataProblem, Dataset, IntradayShocks, SessionSide};
use planning::{
    calendar::{self, UnknownYearError},
    plan::{
        self, AppliedOverlay, BuildInput, DayPlan, DayPlanError, Hourless, MorningVolatility,
        PlanningFacts, RunMode, WorkflowLibrary, build_day_plan, select_overlays,
    },
    time::Span,
    workflow::{self, AgentCatalog},
};

/// Data that ends longer ago than so many calendar days says nothing of a day; that ends later but
/// not the day before is an outage, in which the regime is a precaution.
const OUTAGE_DAYS: i64 = 30;

/// The name that workflows give to the operator.
const OPERATOR: &str = "operator";

/// Why days cannot be made, or one day cannot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DayFactoryError {
    /// A file or folder could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file of own agents has problems; all of them.
    #[error("the file of own agents cannot be used\n{0}")]
    Agents(String),
    /// The workflow files have problems; all of them, compiler-style.
    #[error("the workflow files cannot be used\n{0}")]
    Workflows(String),
    /// The calendar does not know the date.
    #[error(transparent)]
    Calendar(#[from] UnknownYearError),
    /// The day cannot be planned.
    #[error(transparent)]
    Plan(#[from] DayPlanError),
    /// No overlay of that name.
    #[error("no overlay is called `{name}`; known are {known}")]
    Overlay {
        /// What was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
}

/// What days are made of.
#[derive(Debug)]
pub struct DayFactory {
    data: Arc<Dataset>,
    problems: Vec<DataProblem>,
    library: WorkflowLibrary,
    workflow_hash: String,
    own_agents: OwnAgents,
    agent_names: Vec<String>,
    pub(super) config: Config,
}

impl DayFactory {
    /// Reads workflow files and market data: those the configuration names, else those inside the
    /// program.
    ///
    /// # Errors
    ///
    /// `DaysError` for files that cannot be read, or with every problem of the workflow files.
    pub fn new(config: Config) -> Result<Self, DayFactoryError> {
        Self::with_embedded(config, &EmbeddedAgents::default())
    }

    /// The same with agents, and perhaps a workflow, of the embedding program.
    ///
    /// # Errors
    ///
    /// As [`DayFactory::new`].
    pub fn with_embedded(
        config: Config,
        embedded: &EmbeddedAgents,
    ) -> Result<Self, DayFactoryError> {
        let own_agents = match &config.places.agents {
            None => OwnAgents::default(),
            Some(file) => read_own_agents(file)?,
        };
        let mut catalog = AgentCatalog::builtin();
        embedded.add_to(&mut catalog);
        own_agents.add_to(&mut catalog);
        let (library, workflow_hash) = match (&config.places.workflows, embedded.workflow_file()) {
            (None, Some(file)) => hashed_library(&[file], &catalog)?,
            (None, None) => hashed_library(&plan::builtin_files(), &catalog)?,
            (Some(path), _) => {
                let files = workflow_texts(path)?;
                let files: Vec<_> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
                hashed_library(&files, &catalog)?
            }
        };
        let (data, problems) = match &config.places.data {
            None => {
                let data = Dataset::bundled();
                let problems = data.problems().to_vec();
                (data, problems)
            }
            Some(folder) => market_data(folder)?,
        };
        let data = Arc::new(data);
        let agent_names = agent_names(&catalog);
        Ok(Self { data, problems, library, workflow_hash, own_agents, agent_names, config })
    }

    /// The market data.
    #[must_use]
    pub const fn data(&self) -> &Arc<Dataset> {
        &self.data
    }

    /// What is wrong with the market data, row by row.
    #[must_use]
    pub fn problems(&self) -> &[DataProblem] {
        &self.problems
    }

    /// The workflow files.
    #[must_use]
    pub const fn library(&self) -> &WorkflowLibrary {
        &self.library
    }

    /// Returns the declared own agents.
    #[must_use]
    pub const fn own_agents(&self) -> &OwnAgents {
        &self.own_agents
    }

    /// Returns the names of the agents, whether or not a day has work for each.
    #[must_use]
    pub fn agent_names(&self) -> Vec<String> {
        self.agent_names.clone()
    }

    /// Returns the hash of the names and texts of the workflow files.
    pub(super) fn workflow_hash(&self) -> &str {
        &self.workflow_hash
    }

    /// What is known of a day in its morning, the volatility regime included.
    ///
    /// # Errors
    ///
    /// `DaysError::Calendar` outside the years the calendar knows.
    pub fn planning_facts(&self, date: NaiveDate) -> Result<PlanningFacts, DayFactoryError> {
        let mut facts = PlanningFacts::for_date(date)?;
        if facts.day.is_session() {
            facts.volatility = self.volatility(date);
        }
        Ok(facts)
    }

    /// The regime by the closes before `date`; unknown where the data has no volatility index, or
    /// ends longer before than a break in a history may last.
    fn volatility(&self, date: NaiveDate) -> Option<MorningVolatility> {
        let view = self.data.as_of(date, SessionSide::ExcludingToday);
        let expected = calendar::previous_session(date).ok().map(|day| day.date);
        view.vix().last().filter(|bar| (date - bar.date).num_days() <= OUTAGE_DAYS)?;
        let report =
            market::regime_on(&view, view.benchmark(), expected, IntradayShocks::default());
        let factors = report.multipliers;
        let approval = match factors.approval {
            ApprovalPolicy::LargeOrders => None,
            ApprovalPolicy::RiskAdding => Some("risk_adding"),
            ApprovalPolicy::AllByTwo | ApprovalPolicy::ReduceOnly => Some("all"),
        };
        Some(MorningVolatility {
            regime: report.regime.as_str().into(),
            vix: report.vix.filter(|_| !report.blind),
            multipliers: [
                ("gross", factors.gross),
                ("order_notional", factors.order_notional),
                ("participation", factors.participation),
            ]
            .into_iter()
            .map(|(name, factor)| (name.into(), factor))
            .collect(),
            monitor_every: Some(Span::secs(factors.monitor_interval_s.into())),
            approval: approval.map(Into::into),
        })
    }

    /// A day, settled, and which overlays apply and why; `extra` overlays are laid besides.
    ///
    /// # Errors
    ///
    /// `DaysError` when the date or an overlay is unknown or the day cannot be planned.
    pub fn day_plan(
        &self,
        date: NaiveDate,
        mode: RunMode,
        generation: u32,
        extra: &[String],
    ) -> Result<(Arc<DayPlan>, Vec<AppliedOverlay>), DayFactoryError> {
        let facts = self.planning_facts(date)?;
        let mut applied = select_overlays(&facts, &self.library);
        applied.retain(|applied| self.library.overlays.contains_key(&applied.overlay));
        for name in extra {
            if !self.library.overlays.contains_key(name) {
                let known: Vec<_> = self.library.overlays.keys().map(String::as_str).collect();
                let near = diag::nearest(name, known.iter().copied());
                let known = near.map_or_else(|| known.join(", "), |n| format!("`{n}` and others"));
                return Err(DayFactoryError::Overlay { name: name.clone(), known });
            }
            if applied.iter().all(|known| known.overlay != *name) {
                let why = "asked for".into();
                applied.push(AppliedOverlay { overlay: name.clone(), why, symbols: Vec::new() });
            }
        }
        let settings = self.config.plan_settings(mode, generation);
        let input = BuildInput {
            library: &self.library,
            facts: &facts,
            applied: &applied,
            settings: &settings,
        };
        let mut plan = build_day_plan(input)?;
        self.open_at_once(&mut plan, moment_of_day(&self.config, self.config.day.start));
        Ok((Arc::new(plan), applied))
    }

    /// Opens every stage at `now` if the workflow has no hours; the run then ends with its last task.
    pub(super) fn open_at_once(&self, plan: &mut DayPlan, now: DateTime<Utc>) {
        let hourless = Hourless::of(&self.library.base);
        if hourless.covers(&self.library.base) {
            hourless.open(plan, now);
            plan.ends_with_work = true;
        }
    }

    /// Returns one line for each overlay that the calendar or the regime asks for and that is not
    /// among the workflow files.
    pub(super) fn missing_overlays(&self, date: NaiveDate) -> Vec<String> {
        // A workflow without hours has nothing to do with the exchange's day.
        let hourless = Hourless::of(&self.library.base).covers(&self.library.base);
        let Some(facts) = self.planning_facts(date).ok().filter(|_| !hourless) else {
            return Vec::new();
        };
        let asked = select_overlays(&facts, &self.library).into_iter();
        let missing = asked.filter(|applied| !self.library.overlays.contains_key(&applied.overlay));
        let line = |applied: AppliedOverlay| {
            let AppliedOverlay { overlay, why, .. } = applied;
            format!("the day runs without the overlay `{overlay}` ({why}): no workflow file has it")
        };
        missing.map(line).collect()
    }
}

/// The market data of a folder and of its folders, and everything that is wrong with it.
///
/// # Errors
///
/// `DaysError::Read` for what cannot be read.
pub fn market_data(folder: &Path) -> Result<(Dataset, Vec<DataProblem>), DayFactoryError> {
    Ok(Dataset::parse(texts(folder, "csv")?.into_iter()))
}

/// Returns the names of a catalog's agents; the operator is none.
pub(super) fn agent_names(catalog: &AgentCatalog) -> Vec<String> {
    let agents = catalog.agents.keys().filter(|agent| agent.as_str() != OPERATOR);
    agents.map(ToString::to_string).collect()
}

/// Reads the file that declares own agents; their commands run in its folder.
pub(crate) fn read_own_agents(file: &Path) -> Result<OwnAgents, DayFactoryError> {
    let text = read_input_text(file)
        .map_err(|source| DayFactoryError::Read { path: file.to_owned(), source })?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    OwnAgents::parse(&file.to_string_lossy(), &text, folder).map_err(|problems| {
        DayFactoryError::Agents(diag::render(&problems, diag::RenderStyle::Plain))
    })
}

/// Returns names and texts of the workflow files of a folder, or of one file.
fn workflow_texts(path: &Path) -> Result<Vec<(String, String)>, DayFactoryError> {
    if path.is_dir() {
        let mut files = texts(path, "yaml")?;
        files.extend(texts(path, "yml")?);
        files.extend(texts(path, "json")?);
        files.sort();
        return Ok(files);
    }
    let text = read_input_text(path)
        .map_err(|source| DayFactoryError::Read { path: path.to_owned(), source })?;
    Ok(vec![(path.to_string_lossy().into_owned(), text)])
}

/// Returns the library in these files, and their hash.
fn hashed_library(
    files: &[(&str, &str)],
    catalog: &AgentCatalog,
) -> Result<(WorkflowLibrary, String), DayFactoryError> {
    let parts: Vec<_> = files.iter().flat_map(|(name, text)| [*name, *text]).collect();
    Ok((library(files, catalog)?, hash(&parts)))
}

/// The library in these files, or every problem of them.
fn library(
    files: &[(&str, &str)],
    catalog: &AgentCatalog,
) -> Result<WorkflowLibrary, DayFactoryError> {
    let report = workflow::check_files(files, catalog);
    match report.definition.clone().filter(|_| report.is_sound()) {
        Some(base) => Ok(WorkflowLibrary::new(base, report.overlays)),
        None => Err(DayFactoryError::Workflows(diag::render(
            &report.problems,
            diag::RenderStyle::Plain,
        ))),
    }
}

/// Names and texts of the files of a folder, and of its folders, that end in `.ending`; by name.
fn texts(folder: &Path, ending: &str) -> Result<Vec<(String, String)>, DayFactoryError> {
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |source| DayFactoryError::Read { path, source }
    };
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(wrong(&next))? {
            let path = entry.map_err(wrong(&next))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let bytes = read_input_file(&path).map_err(wrong(&path))?;
                // What is no text is read as such, and then reported row by row.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let name = path.strip_prefix(folder).unwrap_or(&path);
                found.push((name.to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    Ok(found)
}
