import IonJSON
import IonTestSupport
import Testing

@Suite struct CacheTests {
  @Test func successIsTakenOverByTheNextProcessAndWhyIsTold() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: build, cache: {inputs: [src]}, bash: 'echo x >> runs; cat src/*'}
        - {id: after, depends_on: [build], bash: 'echo "got $build.output"'}
      """, "src/a": "one",
    ])
    #expect(try await ion.run("check").output.contains("no errors"))
    #expect(try await ion.run("run", "w").status == 0)
    let second = try await ion.run("run", "w")
    #expect(second.status == 0)
    #expect(second.output.contains("build | one\n"))
    #expect(second.output.contains("(taken over from run "))
    #expect(second.output.contains("after | got one\n"))
    ion.folder.write("two", to: "workspace/src/a")
    #expect(try await ion.run("run", "w").output.contains("after | got two\n"))
    let runs = try JSONParser().parse(try await ion.run("runs", "--json").output)["runs"]?.arrayValue ?? []
    let newest = try #require(runs.first?["runId"]?.stringValue)
    #expect(try await ion.run("why", newest, "build").output.contains("the file `src/a` was changed."))
    #expect(try await ion.run("why", newest, "biuld").errors.contains("`build`?"))
    #expect(try await ion.run("run", "w", "--no-cache").output.contains("taken over") == false)
    #expect(ion.folder.read("workspace/runs") == "x\nx\nx\n")
  }
}
