import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite struct ReportTests {
  private static let workflow = [
    ".ion/workflows/w.yaml": """
    name: w
    nodes:
      - {id: a, bash: 'echo "</script><script>alert(1)</script>"'}
      - {id: b, depends_on: [a], bash: exit 4}
      - {id: c, depends_on: [b], bash: echo never}
    """
  ]

  private func ran(_ ion: BuiltIon) async throws -> String {
    #expect(try await ion.run("run", "w").status == 1)
    let runs = try JSONParser().parse(try await ion.run("runs", "--json").output)
    return try #require(runs["runs"]?.arrayValue?.first?["runId"]?.stringValue)
  }

  @Test func reportIsWrittenAsTheFilesNameSays() async throws {
    let ion = BuiltIon(files: Self.workflow)
    let run = try await ran(ion)
    for (name, begin) in [
      ("out/run.html", "<!DOCTYPE html>"), ("run.SVG", "<svg "), ("run.mmd", "%% run "), ("run.json", "{\"version\":1"),
      ("unnamed", "<!DOCTYPE html>"),
    ] {
      let outcome = try await ion.run("report", String(run.prefix(6)), "--output", name)
      #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
      let text = try String(contentsOfFile: ion.workspace.appending(name).text, encoding: .utf8)
      #expect(text.hasPrefix(begin), "\(name): \(text.prefix(40))")
      #expect(text.ranges(of: "</script>").count == (begin.hasPrefix("<!") ? 1 : 0))
    }
  }

  @Test func reportGoesToStdoutWhereNoFileIsNamed() async throws {
    let ion = BuiltIon(files: Self.workflow)
    let run = try await ran(ion)
    let page = try await ion.run("report", run)
    #expect(page.status == 0 && page.output.hasPrefix("<!DOCTYPE html>") && page.output.hasSuffix("</html>\n"))
    let picture = try JSONParser().parse(try await ion.run("report", run, "--json").output)
    #expect(
      picture["nodes"]?.arrayValue?.compactMap { $0["status"]?.stringValue } == ["succeeded", "failed", "skipped"])
    #expect(try await ion.run("report", run, "--format", "mermaid").output.contains(":::failed"))
  }

  @Test func secretsAreInNoReport() async throws {
    let ion = BuiltIon(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        secrets: [TOKEN]
        nodes: [{id: a, bash: 'echo "has $TOKEN"; echo "bad $TOKEN" >&2; exit 1'}]
        """
      ], variables: ["TOKEN": "Zq7-geheime-Losung"])
    let run = try await ran(ion)
    for format in ["html", "svg", "json"] {
      let report = try await ion.run("report", run, "--format", format)
      #expect(report.status == 0 && report.output.contains("bad ***"), "\(format)")
      #expect(!report.output.contains("geheime"), "\(format)")
    }
  }

  @Test func whatCantBeDrawnOrWrittenIsSaid() async throws {
    let ion = BuiltIon(files: Self.workflow)
    let run = try await ran(ion)
    let unknown = try await ion.run("report", "zzz")
    #expect(unknown.status == 2 && unknown.errors.contains("There is no run `zzz`"))
    let format = try await ion.run("report", run, "--format", "pdf")
    #expect(format.status == 2 && format.errors.contains("mermaid"))
    let both = try await ion.run("report", run, "--json", "--format", "svg")
    #expect(both.status == 2 && both.errors.contains("exclude each other"))
    let folder = try await ion.run("report", run, "--output", ".ion")
    #expect(folder.status == 1 && folder.errors.contains("can't be written: "))
    let terminal = try Terminal(ion, "report", run)
    #expect(await terminal.shows("--output FILE"))
    #expect(await terminal.exitCode() == 2)
  }
}
