internal import Glibc
internal import IonJSON
internal import IonWorkflow

/// The file that a run must leave behind where its workflow's `evidence_policy` asks for it.
enum EvidenceFile {
  private static let name = "evidence.json"
  private static let limit = 16 * 1024 * 1024

  /// Why a run's evidence doesn't count, for people; nil where it does: a file with a JSON document.
  static func fault(in artifacts: AbsolutePath) -> String? {
    let file = artifacts.appending(name)
    let demand = "`evidence_policy` asks for `$ARTIFACTS_DIR/\(name)`"
    guard let status = FileAccess.status(file) else { return "\(demand), and there is none (\(file))" }
    guard status.st_mode & S_IFMT == S_IFREG else { return "\(demand), and \(file) is no file" }
    guard status.st_size <= limit else { return "\(demand), and \(file) is larger than \(limit) bytes" }
    do {
      _ = try JSONParser().parse(try FileAccess.read(file, limit: limit) ?? [])
      return nil
    } catch let error as EngineFailure {
      return "\(demand): \(error.message)"
    } catch {
      return "\(demand), and \(file) is no JSON document: \(error)"
    }
  }
}
