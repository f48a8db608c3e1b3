internal import Glibc
internal import IonWorkflow

/// Finds the YAML files below a folder. Symbolic links are followed, but no folder is entered twice; names that start
/// with a dot are left out.
struct FolderSearch {
  private(set) var files: [AbsolutePath] = []
  private(set) var faults: [WorkflowCatalog.Fault] = []
  private var entered: Set<FileIdentity> = []

  /// How deep folders are followed, and how many files are taken from one search.
  private static let depthLimit = 16
  private static let fileLimit = 10_000

  private struct FileIdentity: Hashable {
    let device: UInt
    let number: UInt
  }

  /// - Parameter isRequired: Whether it is a fault when the folder doesn't exist.
  mutating func look(into folder: AbsolutePath, isRequired: Bool) {
    var waiting = [(path: folder, depth: 0)]
    while let next = waiting.popLast() {
      do {
        for name in try names(in: next.path) {
          let path = next.path.appending(name)
          switch kind(of: path) {
          case .folder where next.depth < Self.depthLimit: waiting.append((path, next.depth + 1))
          case .file where ["yaml", "yml"].contains(path.fileExtension.lowercased()):
            guard files.count < Self.fileLimit else { return refuse(folder) }
            files.append(path)
          case .folder, .file, .nothing: break
          }
        }
      } catch  where error.code == ENOENT && !(isRequired && next.depth == 0) {
        continue
      } catch {
        faults.append(WorkflowCatalog.Fault(path: next.path, message: "the folder can't be read: \(error.message)"))
      }
    }
  }

  private mutating func refuse(_ folder: AbsolutePath) {
    let message = "more than \(Self.fileLimit) workflow files; the rest is left out"
    faults.append(WorkflowCatalog.Fault(path: folder, message: message))
  }

  private mutating func names(in folder: AbsolutePath) throws(FileFailure) -> [String] {
    guard let stream = opendir(folder.text) else { throw .last() }
    defer { closedir(stream) }
    var status = stat()
    guard fstat(dirfd(stream), &status) == 0 else { throw .last() }
    guard entered.insert(FileIdentity(device: UInt(status.st_dev), number: UInt(status.st_ino))).inserted else {
      return []
    }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name, !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private enum Kind { case folder, file, nothing }

  private func kind(of path: AbsolutePath) -> Kind {
    var status = stat()
    guard stat(path.text, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFREG: return .file
    default: return .nothing
    }
  }
}
