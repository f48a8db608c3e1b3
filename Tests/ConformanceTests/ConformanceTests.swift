import IonJSON
import Testing

extension Subject {
  /// Every subject, each with a table of its name.
  static let all = [
    conditions, texts, bindings, outputs, scalars, durations, inputs, names, faults, includes, matrices, substitution,
    triggerRules, retries, endings, resumes, gates, loopSignals, loops, archon, environment, results, agentLoops,
    children, fanOuts,
  ]
}

/// The language, row by row. A row that doesn't hold is named by its file and line.
@Suite struct ConformanceTests {
  @Test(arguments: Subject.conditions.rows) func conditions(_ row: TableRow) async throws {
    try await Subject.conditions.check(row)
  }

  @Test(arguments: Subject.texts.rows) func texts(_ row: TableRow) async throws { try await Subject.texts.check(row) }

  @Test(arguments: Subject.bindings.rows) func with(_ row: TableRow) async throws {
    try await Subject.bindings.check(row)
  }

  @Test(arguments: Subject.outputs.rows) func outputs(_ row: TableRow) async throws {
    try await Subject.outputs.check(row)
  }

  @Test(arguments: Subject.scalars.rows) func scalars(_ row: TableRow) async throws {
    try await Subject.scalars.check(row)
  }

  @Test(arguments: Subject.durations.rows) func durations(_ row: TableRow) async throws {
    try await Subject.durations.check(row)
  }

  @Test(arguments: Subject.inputs.rows) func inputs(_ row: TableRow) async throws {
    try await Subject.inputs.check(row)
  }

  @Test(arguments: Subject.names.rows) func names(_ row: TableRow) async throws { try await Subject.names.check(row) }

  @Test(arguments: Subject.faults.rows) func faults(_ row: TableRow) async throws {
    try await Subject.faults.check(row)
  }

  @Test(arguments: Subject.includes.rows) func includes(_ row: TableRow) async throws {
    try await Subject.includes.check(row)
  }

  @Test(arguments: Subject.matrices.rows) func matrices(_ row: TableRow) async throws {
    try await Subject.matrices.check(row)
  }

  @Test(arguments: Subject.substitution.rows) func substitution(_ row: TableRow) async throws {
    try await Subject.substitution.check(row)
  }

  @Test(arguments: Subject.triggerRules.rows) func triggerRules(_ row: TableRow) async throws {
    try await Subject.triggerRules.check(row)
  }

  @Test(arguments: Subject.retries.rows) func retries(_ row: TableRow) async throws {
    try await Subject.retries.check(row)
  }

  @Test(arguments: Subject.endings.rows) func endings(_ row: TableRow) async throws {
    try await Subject.endings.check(row)
  }

  @Test(arguments: Subject.resumes.rows) func resumes(_ row: TableRow) async throws {
    try await Subject.resumes.check(row)
  }

  @Test(arguments: Subject.gates.rows) func gates(_ row: TableRow) async throws { try await Subject.gates.check(row) }

  @Test(arguments: Subject.loopSignals.rows) func loopSignals(_ row: TableRow) async throws {
    try await Subject.loopSignals.check(row)
  }

  @Test(arguments: Subject.loops.rows) func loops(_ row: TableRow) async throws { try await Subject.loops.check(row) }

  @Test(arguments: Subject.archon.rows) func archon(_ row: TableRow) async throws {
    try await Subject.archon.check(row)
  }

  @Test(arguments: Subject.environment.rows) func environment(_ row: TableRow) async throws {
    try await Subject.environment.check(row)
  }

  @Test(arguments: Subject.results.rows) func results(_ row: TableRow) async throws {
    try await Subject.results.check(row)
  }

  @Test(arguments: Subject.agentLoops.rows) func agentLoops(_ row: TableRow) async throws {
    try await Subject.agentLoops.check(row)
  }

  @Test(arguments: Subject.children.rows) func children(_ row: TableRow) async throws {
    try await Subject.children.check(row)
  }

  @Test(arguments: Subject.fanOuts.rows) func fanOuts(_ row: TableRow) async throws {
    try await Subject.fanOuts.check(row)
  }

  /// Values that look like commands leave nothing behind.
  @Test func valuesAreNeverRun() async throws {
    let leftovers = try await EngineRows.substitution.value["leftovers"]
    #expect(leftovers == ["files": [".ion", "values"]])
  }
}
