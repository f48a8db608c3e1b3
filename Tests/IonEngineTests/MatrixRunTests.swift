import IonJSON
import IonProcess
import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// Runs of nodes with a `matrix`.
@Suite struct MatrixRunTests {
  private static func workflow(_ body: String, more: String = "", keys: String = "") -> [String: String] {
    [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: b
          matrix: {os: [linux, mac], v: [1, 3.10]}
      \(keys)
          bash: |
            \(body)
        - id: all
          depends_on: b
          trigger_rule: all_done
          bash: |
            printf %s "$b.status $b.output"
      \(more)
      """
    ]
  }

  @Test func outputsAreAListInTheOrderOfTheInstances() async throws {
    let fixture = try await EngineFixture(
      files: Self.workflow(#"[ "$MATRIX.v" = 1 ] && echo '{"n": '$MATRIX.v'}' || echo "$MATRIX_OS $MATRIX_V""#))
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["b"]?.output?.text == #"[{"n":1},"linux 3.10",{"n":1},"mac 3.10"]"#)
    #expect(nodes["all"]?.output?.text == #"succeeded [{"n":1},"linux 3.10",{"n":1},"mac 3.10"]"#)
    #expect(nodes["b[linux,3.10]"]?.output?.text == "linux 3.10")
    let story = try await fixture.workspace.history(of: "b", in: run.id)
    #expect(story.dependencies.map(\.node) == ["b[linux,1]", "b[linux,3.10]", "b[mac,1]", "b[mac,3.10]"])
  }

  @Test func logsOfInstancesAreFoundByTheirIds() async throws {
    let fixture = try await EngineFixture(files: Self.workflow(#"echo "I am $MATRIX_OS""#))
    let (run, _) = try await fixture.run("w")
    func log(_ node: NodeID) async throws -> String {
      let found = try await fixture.workspace.log(
        of: run.id, node: node, attempt: nil, view: .stdout, offset: 0, limit: 1000)
      return found.slice.text
    }
    #expect(try await log("b[mac,3.10]") == "I am mac\n")
    #expect(try await log("b").hasPrefix(#"["I am linux","#))
  }

  @Test func slotsOfFailedAndSkippedInstancesSaySo() async throws {
    let fixture = try await EngineFixture(
      files: Self.workflow(
        #"[ "$MATRIX_V" = 1 ] || { echo no >&2; exit 3; }; printf 'a\0b'"#,
        keys: "    when: $MATRIX.os == 'linux'"))
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error == "b[linux,3.10] failed: exit code 3: no")
    #expect(nodes["b"]?.status == .failed)
    let text = try #require(nodes["all"]?.output?.text)
    #expect(text.hasPrefix("failed ["))
    let list = try JSONParser().parse(String(text.dropFirst(7))).arrayValue ?? []
    #expect(list.map { $0["status"] } == ["succeeded", "failed", nil, nil])
    #expect(list[0]["error"]?.stringValue?.contains("NUL") == true)
    #expect(list[1] == ["failed": true, "error": "exit code 3: no", "status": "failed"])
    #expect(list[2] == .null)
  }

  @Test func aLongListIsKeptInAFile() async throws {
    let fixture = try await EngineFixture(
      files: Self.workflow(
        "head -c 40000 /dev/zero | tr '\\0' x",
        more:
          "  - {id: len, depends_on: b, script: 'import os; print(len(open(os.environ[\"INPUTS_ALL_FILE\"]).read()))', runtime: python, with: {all: $b.output}}"
      ))
    let (_, nodes) = try await fixture.run("w")
    #expect(nodes["b"]?.output?.text == nil)
    #expect(nodes["b"]?.output?.file != nil)
    #expect(nodes["len"]?.output?.text == "160013")
  }

  @Test func aResumeRunsTheFailedInstancesAloneAndTheListAnew() async throws {
    let fixture = try await EngineFixture(
      files: Self.workflow(#"echo "$MATRIX_OS-$MATRIX_V" >> order; [ "$MATRIX_OS" = linux ] || [ -e ok ]"#))
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    fixture.folder.write("", to: "workspace/ok")
    _ = try await fixture.workspace.resume(run.id, secrets: [:])
    let (mended, nodes) = try await fixture.end(of: run.id)
    #expect(mended.status == .succeeded, "\(mended.error ?? "")")
    #expect(nodes["b[linux,1]"]?.attempt == 1 && nodes["b[mac,1]"]?.attempt == 2)
    #expect(fixture.folder.read("workspace/order")?.split(separator: "\n").count == 6)
    let again = try await fixture.workspace.rerun(run.id, from: "b", inputs: [:])
    _ = try await fixture.end(of: again.id)
    #expect(fixture.folder.read("workspace/order")?.split(separator: "\n").count == 10)
  }

  @Test func aToleratedMatrixCanBeRead() async throws {
    let fixture = try await EngineFixture(
      files: Self.workflow(
        #"[ "$MATRIX_OS" = linux ] && echo fine"#, more: "  - {id: next, depends_on: b, bash: 'echo $b.output[1]'}",
        keys: "    continue_on_error: true"))
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(nodes["b"]?.status == .failed)
    #expect(nodes["next"]?.output?.text == "fine")
  }
}
