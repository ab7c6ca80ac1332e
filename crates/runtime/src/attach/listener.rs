//! Listener for console clients: a Unix socket in the state folder, accessible only to its owner,
//! and optionally a local TCP port with a token.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _, Write as _},
    net::SocketAddr,
    os::unix::{
        fs::{
            DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
            PermissionsExt as _,
        },
        net::{UnixListener as StdListener, UnixStream as StdStream},
    },
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

/// Name of the socket in the state folder.
pub const SOCKET: &str = "attach.sock";
/// Name of the file with the token for TCP clients.
pub const TOKEN: &str = "attach.token";

const OWNER_ONLY: u32 = 0o600;
const FOLDER: u32 = 0o700;
/// Permissions that only the owner of the state folder may have.
const OTHERS_WRITE: u32 = 0o022;
/// Length of a token in bytes; its text has two hexadecimal digits per byte.
const TOKEN_BYTES: usize = 32;

/// The reason for which a run cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The socket cannot be created.
    #[error("cannot create the socket {}", path.display())]
    Socket { path: PathBuf, source: io::Error },
    /// Another server listens at the socket.
    #[error("a run is already served at {}; attach to it or end it", .0.display())]
    AddressInUse(PathBuf),
    /// The path exists and is not a socket.
    #[error("{} exists and is not a socket; move it away", .0.display())]
    NoSocket(PathBuf),
    /// Other users may write to the folder.
    #[error("other users may write to {}, and could pose as the engine; run chmod go-w on it", .0.display())]
    Open(PathBuf),
    /// The address is reachable from other machines.
    #[error("{0} is reachable from other machines; use a local address such as 127.0.0.1")]
    NotLoopback(SocketAddr),
    /// The port cannot be bound.
    #[error("cannot listen at {address}")]
    Port { address: SocketAddr, source: io::Error },
    /// The token cannot be written.
    #[error("cannot write the token {}", path.display())]
    Token { path: PathBuf, source: io::Error },
}

/// The listeners of a run. Dropping them removes the socket.
#[derive(Debug)]
pub struct Listeners {
    unix: UnixListener,
    tcp: Option<(TcpListener, Arc<str>)>,
    path: PathBuf,
    /// Files to remove when the listeners are dropped.
    files: Vec<PathBuf>,
    /// User id of the socket's owner; only this user and the administrator may connect.
    owner: u32,
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for file in &self.files {
            // The file may already have been removed.
            let _ = fs::remove_file(file);
        }
    }
}

/// A connection accepted by one of the listeners.
pub(super) enum Incoming {
    Unix(UnixStream),
    Tcp(TcpStream, Arc<str>),
}

impl Listeners {
    /// Opens the socket of a state folder, creating the folder if needed. A socket without a server
    /// is replaced. Must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`ListenError`].
    pub fn open(folder: &Path) -> Result<Self, ListenError> {
        let path = folder.join(SOCKET);
        let wrong = |source| ListenError::Socket { path: path.clone(), source };
        DirBuilder::new().recursive(true).mode(FOLDER).create(folder).map_err(wrong)?;
        let about = fs::metadata(folder).map_err(wrong)?;
        if about.permissions().mode() & OTHERS_WRITE != 0 {
            return Err(ListenError::Open(folder.to_owned()));
        }
        free(&path)?;
        let listener = listener(folder, &path).map_err(wrong)?;
        let files = vec![path.clone()];
        let owner = fs::metadata(&path).map_err(wrong)?.uid();
        let unix = UnixListener::from_std(listener).map_err(wrong)?;
        Ok(Self { unix, tcp: None, path, files, owner })
    }

    /// Also listens on a local port, for clients with the token, which is created anew in the state
    /// folder.
    ///
    /// # Errors
    ///
    /// [`ListenError`].
    pub fn and_port(mut self, address: SocketAddr, folder: &Path) -> Result<Self, ListenError> {
        let address = require_loopback(address)?;
        let wrong = |source| ListenError::Port { address, source };
        let listener = std::net::TcpListener::bind(address).map_err(wrong)?;
        listener.set_nonblocking(true).map_err(wrong)?;
        let listener = TcpListener::from_std(listener).map_err(wrong)?;
        let path = folder.join(TOKEN);
        let token =
            new_token(&path).map_err(|source| ListenError::Token { path: path.clone(), source })?;
        self.files.push(path);
        self.tcp = Some((listener, token.into()));
        Ok(self)
    }

    /// Returns the path of the socket.
    #[must_use]
    pub fn socket_path(&self) -> &Path {
        &self.path
    }

    /// Returns the address of the port, if there is one.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().and_then(|(listener, _)| listener.local_addr().ok())
    }

    /// Waits for the next connection.
    pub(super) async fn accept(&mut self) -> io::Result<Incoming> {
        loop {
            tokio::select! {
                came = self.unix.accept() => {
                    let (stream, _) = came?;
                    let uid = stream.peer_cred()?.uid();
                    if uid == self.owner || uid == 0 {
                        return Ok(Incoming::Unix(stream));
                    }
                    tracing::warn!("refused a connection of user {uid}");
                }
                came = port(self.tcp.as_ref()) => {
                    let (stream, token) = came?;
                    // Each message is written as a whole; Nagle's algorithm would only delay it.
                    stream.set_nodelay(true)?;
                    return Ok(Incoming::Tcp(stream, token));
                }
            }
        }
    }
}

async fn port(tcp: Option<&(TcpListener, Arc<str>)>) -> io::Result<(TcpStream, Arc<str>)> {
    match tcp {
        Some((listener, token)) => Ok((listener.accept().await?.0, Arc::clone(token))),
        None => std::future::pending().await,
    }
}

/// Removes a socket that has no server.
fn free(path: &Path) -> Result<(), ListenError> {
    let wrong = |source| ListenError::Socket { path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(wrong(error)),
        Ok(about) if !about.file_type().is_socket() => {
            return Err(ListenError::NoSocket(path.to_owned()));
        }
        Ok(_) => {}
    }
    match StdStream::connect(path) {
        Ok(_) => Err(ListenError::AddressInUse(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).map_err(wrong)
        }
        Err(error) => Err(wrong(error)),
    }
}

/// Creates a socket that is private from its first moment: it is created in a private folder, then
/// moved.
fn listener(folder: &Path, path: &Path) -> io::Result<StdListener> {
    let apart = folder.join(format!(".s{}", std::process::id()));
    match fs::remove_dir_all(&apart) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    DirBuilder::new().mode(FOLDER).create(&apart)?;
    let made = apart.join("s");
    let listener = StdListener::bind(&made).and_then(|listener| {
        fs::set_permissions(&made, fs::Permissions::from_mode(OWNER_ONLY))?;
        fs::rename(&made, path)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    // A leftover folder is harmless.
    let _ = fs::remove_dir_all(&apart);
    listener
}

/// Returns the address if no other machine can reach it.
///
/// # Errors
///
/// [`ListenError::NotLoopback`].
pub const fn require_loopback(address: SocketAddr) -> Result<SocketAddr, ListenError> {
    if address.ip().is_loopback() { Ok(address) } else { Err(ListenError::NotLoopback(address)) }
}

/// Reads the token of a state folder.
///
/// # Errors
///
/// The file cannot be read.
pub fn load_token(folder: &Path) -> io::Result<String> {
    Ok(fs::read_to_string(folder.join(TOKEN))?.trim().to_owned())
}

/// Reads the token of a file, or creates it: a secret that outlives the process.
///
/// # Errors
///
/// The file cannot be read or written.
pub fn keep_token(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(token) if !token.trim().is_empty() => Ok(token.trim().to_owned()),
        Ok(_empty) => new_token(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => new_token(path),
        Err(error) => Err(error),
    }
}

/// Writes a new token that only its owner can read.
fn new_token(path: &Path) -> io::Result<String> {
    let mut bytes = [0; TOKEN_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    let token: String =
        bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path)?;
    file.write_all(format!("{token}\n").as_bytes())?;
    Ok(token)
}
