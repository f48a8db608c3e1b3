import Testing

/// Records each finding as an issue of its own.
private func expectNone(_ findings: [Finding], at location: SourceLocation = #_sourceLocation) {
  for finding in findings { Issue.record("\(finding)", sourceLocation: location) }
}

/// Ion's architecture, held against the checkout that this was built from. What the rules find says what to do instead.
@Suite struct ArchitectureTests {
  let imports = ImportRule(layers: layers)

  @Test func everyTargetHasALayer() {
    #expect(
      Repository.targets.subtracting(layers.keys) == [],
      "give each folder in Sources a row in Layers.swift that says what it may import")
  }

  @Test func everyLayerIsATargetOfThePackage() throws {
    let package = try #require(Repository.file("Package.swift"))
    for target in layers.keys.sorted() {
      #expect(
        package.text.contains("\"\(target)\""), "\(target) has a row in Layers.swift but is no target; take it out")
    }
  }

  @Test func importsGoDownOnly() {
    expectNone(Repository.sources.flatMap(imports.findings))
  }

  @Test func theLayersHaveNoCycle() {
    for target in layers.keys.sorted() {
      #expect(
        !imports.allowed(in: target).contains(target), "\(target) reaches itself; cut the upward arrow in Layers.swift")
    }
  }

  @Test func thirdPartiesStayBehindTheirOwner() {
    for (module, owner) in owners {
      let importers = layers.filter { $0.value.contains(module) }.map(\.key)
      #expect(importers == [owner], "only \(owner) may list \(module) in Layers.swift")
    }
  }

  @Test func whatMustStartFastLeavesFoundationOut() {
    for target in withoutFoundation {
      let foundations = imports.allowed(in: target).filter { $0.hasPrefix("Foundation") }
      #expect(foundations.isEmpty, "\(target) is on the way to every start; use the standard library or the C library")
    }
  }

  @Test func pureTargetsTouchNoClockAndNoDice() {
    let rule = WordRule(
      words: ["Date(", ".now", "UUID(", ".random", "async", "await", "Task", "print(", "Clock"],
      advice: "a pure target takes what changes as an argument; let the driver pass it in")
    let files = Repository.sources.filter { pureTargets.contains($0.target ?? "") }
    expectNone(files.flatMap(rule.findings))
  }

  @Test func unsafeConstructsHaveAReason() {
    let rule = WordRule(
      words: ["@unchecked Sendable", "nonisolated(unsafe)", "try!", "try?", "fatalError", "DispatchQueue"],
      advice: "find a checked way, or list it with its reason in Exceptions.swift", exceptions: unsafeExceptions)
    expectNone(Repository.sources.flatMap(rule.findings))
    expectNone(rule.stale(among: Repository.sources))
  }

  @Test func threadsAreMadeInOnePlace() {
    let rule = WordRule(
      words: ["pthread_create", "Thread.detachNewThread"], advice: "use DetachedThread of IonThread",
      exceptions: threadExceptions)
    expectNone(Repository.sources.flatMap(rule.findings))
    expectNone(rule.stale(among: Repository.sources))
  }

  @Test func waitsGoByAClockThatTestsCanTurn() {
    let rule = WordRule(
      words: ["Task.sleep", "ContinuousClock", "SuspendingClock"],
      advice: "sleep by the EngineClock or StoreClock that was handed in", exceptions: clockExceptions)
    expectNone(Repository.sources.flatMap(rule.findings))
    expectNone(rule.stale(among: Repository.sources))
  }

  @Test func tasksAreStructured() {
    let rule = WordRule(
      words: ["Task {", "Task(", "Task.detached", "Task<Void, Never> {"],
      advice: "use a task group, or the mailbox of the owner", exceptions: taskExceptions)
    expectNone(Repository.sources.flatMap(rule.findings))
    expectNone(rule.stale(among: Repository.sources))
  }

  @Test func noTestWaitsBySleeping() {
    let rule = WordRule(
      words: ["sleep(", "usleep(", "nanosleep(", "asyncAfter("],
      advice: "wait for the event itself", exceptions: sleepExceptions)
    expectNone(Repository.tests.flatMap(rule.findings))
    expectNone(rule.stale(among: Repository.tests))
  }

  @Test func functionsFitOnAScreen() {
    expectNone((Repository.sources + Repository.tests).flatMap(FunctionRule(limit: 40).findings))
  }

  @Test func filesAreShort() {
    expectNone(Repository.programs.flatMap(SizeRule(limit: 400, oversized: oversized).findings))
    expectNone(Repository.tests.flatMap(SizeRule(limit: 500, oversized: oversized).findings))
    for path in oversized.keys.sorted() {
      #expect(Repository.exists(path), "\(path) is gone; take its entry out of Exceptions.swift")
    }
  }

  @Test func everyMethodFileIsServedAndSpecified() {
    let rule = MethodRule(
      catalog: Repository.file("Sources/IonServer/Catalog.swift"),
      specification: Repository.file("protocol-spec/openrpc.json")?.text)
    let methods = Repository.sources.filter { $0.path.hasPrefix("Sources/IonServer/Methods/") }
    expectNone(methods.flatMap(rule.findings))
  }

  @Test func filesAreNamedByTheirSubject() {
    expectNone((Repository.sources + Repository.tests).flatMap(NameRule().findings))
  }

  @Test func publicDeclarationsAreDocumented() {
    expectNone(Repository.sources.flatMap(DocumentationRule(protocolsIn: Repository.sources).findings))
  }

  @Test func exceptionsSayWhyOnce() {
    let exceptions =
      unsafeExceptions + threadExceptions + clockExceptions + taskExceptions + sleepExceptions + markerExceptions
    #expect(
      Set(exceptions.map { "\($0.path) \($0.word)" }).count == exceptions.count, "list each once in Exceptions.swift")
    for exception in exceptions {
      #expect(
        exception.reason.split(separator: " ").count > 2, "\(exception.path): say in a clause why \(exception.word)")
    }
  }
}

/// What holds for every text file of the repository.
@Suite struct RepositoryTests {
  @Test func theCheckoutIsFound() {
    #expect(Repository.sources.count > 10)
    #expect(Repository.file("Tests/ArchitectureTests/ArchitectureTests.swift") != nil)
  }

  @Test func nothingKnowsTheMachineItWasWrittenOn() {
    expectNone(Repository.files.flatMap(MachinePathRule(root: Repository.root).findings))
  }

  @Test func nothingIsLeftForLater() {
    expectNone(Repository.files.flatMap(MarkerRule(exceptions: markerExceptions).findings))
  }

  @Test func linksLeadSomewhere() {
    expectNone(Repository.pages.flatMap(LinkRule(exists: Repository.exists).findings))
  }

  @Test func theReadmeIsShort() throws {
    guard let readme = Repository.file("README.md") else { return }
    #expect(readme.lines.count <= 60, "move what a newcomer doesn't need in the first minute to its own page")
  }
}
