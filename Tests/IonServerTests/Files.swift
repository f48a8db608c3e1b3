import Glibc
import IonWorkflow

/// Makes a symbolic link; whether that worked.
func link(_ target: AbsolutePath, _ path: AbsolutePath) -> Bool { symlink(target.text, path.text) == 0 }

/// Makes a named pipe; whether that worked.
func pipe(_ path: AbsolutePath) -> Bool { mkfifo(path.text, 0o600) == 0 }
