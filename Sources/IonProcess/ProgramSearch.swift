internal import Glibc
public import IonWorkflow

/// Finds the file that a command's program means.
public enum ProgramSearch {
  /// What is searched when the environment has no `PATH`, as `execvp` does.
  private static let usualFolders = "/bin:/usr/bin"

  /// Whether a step with this `PATH` could start the program.
  public static func isThere(_ program: String, path: String?, from folder: AbsolutePath) -> Bool {
    do throws(ProcessFailure) {
      _ = try locate(program, path: path, from: folder)
      return true
    } catch {
      return false
    }
  }

  /// The absolute path of the program that a step with this `PATH` would start.
  /// - Throws: `.missing` or `.notExecutable` where it could not.
  public static func locate(_ program: String, path: String?, from folder: AbsolutePath) throws(ProcessFailure)
    -> String
  {
    let file = try find(program, path: path, from: folder)
    guard isFile(file) else { throw .missing(program: program, searched: [file]) }
    guard access(file, X_OK) == 0 else { throw .notExecutable(path: file, errno: EACCES) }
    return file
  }

  /// The program's absolute path. A name without `/` is looked up in the folders of a `PATH`, in which empty and relative
  /// entries start at the working directory.
  static func find(_ program: String, path: String?, from folder: AbsolutePath) throws(ProcessFailure) -> String {
    guard !program.isEmpty else { throw .malformed(what: "the step names no program") }
    if program.utf8.contains(UInt8(ascii: "/")) { return folder.appending(program).text }
    let folders = (path ?? usualFolders).split(separator: ":", omittingEmptySubsequences: false)
    var refused: String?
    for entry in folders {
      let candidate = folder.appending(entry).appending(program).text
      guard isFile(candidate) else { continue }
      if access(candidate, X_OK) == 0 { return candidate }
      refused = refused ?? candidate
    }
    if let refused { throw .notExecutable(path: refused, errno: EACCES) }
    throw .missing(program: program, searched: folders.map { folder.appending($0).text })
  }

  /// Says why a program that was found could not be executed, given what the attempt failed with.
  static func explain(_ error: SystemError, path: String, from folder: AbsolutePath) -> ProcessFailure {
    if let refusal = refusal(toEnter: folder) { return .missingWorkingDirectory(folder, errno: refusal.number) }
    switch error.number {
    case ENOENT where access(path, F_OK) == 0:
      return .missingInterpreter(of: path)
    case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG:
      return .missing(program: path, searched: [])
    case EACCES, EPERM, ENOEXEC, EISDIR, ELIBBAD, ETXTBSY:
      return .notExecutable(path: path, errno: error.number)
    default:
      return ProcessFailure("spawn", error)
    }
  }

  private static func refusal(toEnter folder: AbsolutePath) -> SystemError? {
    var status = stat()
    guard stat(folder.text, &status) == 0 else { return .last }
    guard status.st_mode & S_IFMT == S_IFDIR else { return SystemError(ENOTDIR) }
    return access(folder.text, X_OK) == 0 ? nil : .last
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
