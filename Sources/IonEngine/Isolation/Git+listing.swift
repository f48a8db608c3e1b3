internal import IonLock
internal import IonProcess
internal import IonWorkflow

extension Git {
  /// What a command prints that ends well within a time, for a thread that may wait for it. Nil for every other command,
  /// and where that is more than `limit` bytes.
  func listing(_ arguments: [String], in folder: AbsolutePath, timeout: Duration, limit: Int) -> [UInt8]? {
    let place = freshScratch()
    defer { FileAccess.remove(place) }
    let files = OutputFiles(place)
    let ended = Monitor<Result<StepResult, ProcessFailure>?>(nil)
    StepProcess.launch(
      command(arguments, in: folder), output: files, limits: StepLimits(timeout: timeout, grace: .zero),
      onStart: { _ in }, onEnd: { result in ended.signal { $0 = result } })
    guard case .success(let result) = ended.wait({ $0 }), result.ending == .exited(0), result.stdout.size <= limit
    else {
      return nil
    }
    do throws(EngineFailure) {
      return try FileAccess.read(files.file(.stdout), limit: limit) ?? []
    } catch {
      return nil
    }
  }
}
