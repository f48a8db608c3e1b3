import Foundation
import IonTestSupport
import IonWorkflow
import Testing

extension EngineFixture {
  /// Where a text stands: the files below the workspace's `.ion/`, and `notices` where people were told.
  func places(of text: String) throws -> [String] {
    let root = root.appending(".ion").text
    let wanted = Data(text.utf8)
    let files = try FileManager.default.subpathsOfDirectory(atPath: root)
    try #require(files.contains { $0.hasSuffix("store.sqlite") })
    let found = files.filter { FileManager.default.contents(atPath: root + "/" + $0)?.range(of: wanted) != nil }
    return found + ("\(platform.notices)".contains(text) ? ["notices"] : [])
  }
}
