//! The processes of own agents: their environment, and the file of the Python host.

use std::{fs, path::Path};

use super::error::ControllerError;
use agents::{
    AgentConnection, AgentSurroundings, HOST_FILE, HOST_SCRIPT, OwnAgents, StartedAgents,
};
use config::env;

/// Folder of the Python host, inside the state folder.
const FOLDER: &str = "agents";

/// Prepares the processes of the declared agents. Must be called inside a runtime.
///
/// # Errors
///
/// [`ControllerError::PythonHost`] if an agent needs the Python host and it cannot be written.
pub(crate) fn start_own_agents(
    own: &OwnAgents,
    state: &Path,
) -> Result<StartedAgents, ControllerError> {
    let python_host = std::path::absolute(state.join(FOLDER).join(HOST_FILE))
        .map_err(|source| ControllerError::PythonHost { path: state.to_owned(), source })?;
    let is_python = |connection: &_| matches!(connection, AgentConnection::Python(_));
    if own.agents.iter().any(|agent| is_python(&agent.connection)) {
        write_host(&python_host)
            .map_err(|source| ControllerError::PythonHost { path: python_host.clone(), source })?;
    }
    let surroundings = AgentSurroundings { environment: env::of_process(), python_host };
    Ok(StartedAgents::new(own, &surroundings))
}

/// Writes the Python host, unless it is there already.
fn write_host(path: &Path) -> std::io::Result<()> {
    if fs::read(path).is_ok_and(|text| text == HOST_SCRIPT.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Another process may read it at this moment: it sees the old file or the new one.
    let new = path.with_extension("new");
    fs::write(&new, HOST_SCRIPT)?;
    fs::rename(new, path)
}
