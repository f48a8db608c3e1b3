internal import IonJSON
internal import IonProcess
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension StepRunner {
  /// Takes over an earlier success where one holds, else starts the process and keeps what it gives for the next time.
  /// What `cache.inputs` names is read on a thread of its own: that may be a lot.
  func startUnlessCached(
    _ plan: ProcessPlan, _ fingerprint: StepFingerprint, _ spawned: @escaping @Sendable (ProcessFacts) -> Void,
    _ end: @escaping @Sendable (StepEnd) -> Void
  ) {
    do {
      try OwnThread.perform {
        let look = look(fingerprint)
        guard let found = look.found else {
          if handle.isStopped { return end(self.end(.stepStopped(node.id))) }
          return start(plan, spawned) { end(completed($0, look)) }
        }
        end(found)
      }
    } catch {
      end(self.end(failed(StepFailure(.spawn, "\(error)", isTransient: true))))
    }
  }

  private var cache: StepCache { StepCache(root: context.root, codebase: context.codebase) }
  private var origin: StepOrigin { StepOrigin(run: context.id, node: node.id, attempt: attempt) }

  /// What looking for an earlier success came to.
  private struct Look: Sendable {
    var record: CacheRecord?
    var files: InputFiles?
    /// The end of the attempt, where a success was taken over.
    var found: StepEnd?
  }

  private func look(_ fingerprint: StepFingerprint) -> Look {
    var record = CacheRecord(fingerprint: fingerprint, digest: "", decision: CacheDecision())
    let files = InputFiles(
      node.cache?.inputs ?? [], from: context.request.workingPath, except: context.paths.base)
    record.decision.unmatched = files.unmatched
    do {
      record.fingerprint.files = try files.hashes { handle.isStopped }
      record.digest = try record.fingerprint.digest()
      if let success = cache.success(record.digest),
        let output = try cache.takeOver(success.record, from: success.origin, by: origin)
      {
        record = success.record
        let ran = success.record.decision.reused ?? success.origin
        record.decision = CacheDecision(reused: ran, unmatched: files.unmatched)
        var end = end(.stepReused(node.id, output, from: ran), logBytes: cache.printed(by: origin))
        end.cache = record
        return Look(record: record, files: files, found: end)
      }
    } catch is CancellationError {
      return Look()
    } catch {
      record.decision.obstacle = (error as? EngineFailure)?.message ?? "\(error)"
    }
    if let last = cache.lastSuccess(of: fingerprint.node, in: fingerprint.workflow) {
      record.decision.compared = last.origin
      record.decision.differences = record.fingerprint.differences(from: last.record.fingerprint)
    }
    return Look(record: record, files: files)
  }

  /// The end of an attempt that ran, with what is kept of it.
  private func completed(_ end: StepEnd, _ look: Look) -> StepEnd {
    guard var record = look.record else { return end }
    if case .stepSucceeded(_, let output) = end.event {
      record.output = CacheRecord.Output(
        length: output.length, sha256: output.sha256, isInline: output.text != nil)
      // What a step read of a file that was changed meanwhile isn't known.
      let now = InputFiles(node.cache?.inputs ?? [], from: context.request.workingPath, except: context.paths.base)
      if now != look.files { record.decision.obstacle = "files that go in were changed while it ran" }
    }
    var end = end
    end.cache = record
    return end
  }
}
