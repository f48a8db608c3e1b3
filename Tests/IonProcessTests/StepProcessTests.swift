import Glibc
import IonProcess
import Testing

@Suite struct StepProcessTests {
  @Test func anExitCodeIsTheEnding() async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash("echo out; echo err >&2; exit 3"))
    #expect(result.ending == .exited(3))
    #expect(try bench.text(.stdout) == "out\n")
    #expect(try bench.text(.stderr) == "err\n")
  }
}
