//! Where guests come in: a socket in the state folder that only its owner may open, and if wanted a
//! port of this machine alone, with a token.

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

/// The socket of a state folder.
pub const SOCKET: &str = "attach.sock";
/// The token of a state folder, for whoever comes over TCP.
pub const TOKEN: &str = "attach.token";

const OWNER_ONLY: u32 = 0o600;
const FOLDER: u32 = 0o700;
/// What nobody but the owner of a folder may have in it.
const OTHERS_WRITE: u32 = 0o022;
/// Bytes of a token, before they are written as twice as many digits.
const TOKEN_BYTES: usize = 32;

/// Why a day cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The socket could not be made.
    #[error("the socket {} cannot be made", path.display())]
    Socket {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody answers there.
    #[error("a day is served at {} already", .0.display())]
    AddressInUse(PathBuf),
    /// Something else has that name.
    #[error("{} is there and is no socket; move it away", .0.display())]
    NoSocket(PathBuf),
    /// The folder is not safe.
    #[error("others may write in {}, and so could pretend to be the engine: chmod go-w", .0.display())]
    Open(PathBuf),
    /// The address can be reached from other machines.
    #[error(
        "{0} can be reached from other machines; only addresses of this one are served, as 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    /// The port cannot be had.
    #[error("cannot listen at {address}")]
    Port {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The token cannot be written.
    #[error("the token {} cannot be written", path.display())]
    Token {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The doors of a day. The socket is taken away with them.
#[derive(Debug)]
pub struct Listeners {
    unix: UnixListener,
    tcp: Option<(TcpListener, Arc<str>)>,
    path: PathBuf,
    /// Files that are there as long as the doors are open.
    files: Vec<PathBuf>,
    /// Whose the socket is; nobody else comes in by it but the system's administrator.
    owner: u32,
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for file in &self.files {
            // It may have been taken away already.
            let _ = fs::remove_file(file);
        }
    }
}

/// Who came in.
pub(super) enum Incoming {
    Unix(UnixStream),
    Tcp(TcpStream, Arc<str>),
}

impl Listeners {
    /// Opens the socket of a state folder, which is made if it is not there. A socket that nobody
    /// answers at is put away. Must be called inside a runtime.
    ///
    /// # Errors
    ///
    /// [`DoorError`].
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

    /// Listens at a port of this machine besides, for whoever knows the token, which is made anew
    /// and put into the state folder.
    ///
    /// # Errors
    ///
    /// [`DoorError`].
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

    /// The socket.
    #[must_use]
    pub fn socket_path(&self) -> &Path {
        &self.path
    }

    /// The address of the port, if there is one.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().and_then(|(listener, _)| listener.local_addr().ok())
    }

    /// Whoever comes next.
    pub(super) async fn accept(&mut self) -> io::Result<Incoming> {
        loop {
            tokio::select! {
                came = self.unix.accept() => {
                    let (stream, _) = came?;
                    let uid = stream.peer_cred()?.uid();
                    if uid == self.owner || uid == 0 {
                        return Ok(Incoming::Unix(stream));
                    }
                    tracing::warn!("user {uid} knocked and was not let in");
                }
                came = port(self.tcp.as_ref()) => {
                    let (stream, token) = came?;
                    // A message is sent whole; waiting for more only makes keys slow.
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

/// Puts a socket away that nobody answers at.
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

/// A socket that was its owner's alone from its first moment: it is made where nobody else can come,
/// and then moved.
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
    // What is left of it harms nobody.
    let _ = fs::remove_dir_all(&apart);
    listener
}

/// The address, if no other machine can reach it.
///
/// # Errors
///
/// [`DoorError::NotLoopback`].
pub const fn require_loopback(address: SocketAddr) -> Result<SocketAddr, ListenError> {
    if address.ip().is_loopback() { Ok(address) } else { Err(ListenError::NotLoopback(address)) }
}

/// The token in a state folder.
///
/// # Errors
///
/// When it cannot be read.
pub fn load_token(folder: &Path) -> io::Result<String> {
    Ok(fs::read_to_string(folder.join(TOKEN))?.trim().to_owned())
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
