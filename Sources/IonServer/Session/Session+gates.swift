internal import IonEngine
internal import IonJSON
internal import IonRPC
internal import IonStore
internal import IonWorkflow
internal import Logging

extension Session {
  /// The dialog that asks about gates; nil for a client that shows them itself, and without a connection.
  func gateDialog() -> GateDialog? {
    guard !client.showsGates, let connection else { return nil }
    if let dialog { return dialog }
    let made = GateDialog(connection: connection, commandPrefix: client.commandPrefix) { [weak self] gate, decision in
      await self?.answer(gate, with: decision)
    }
    dialog = made
    return made
  }

  /// Shows the gates that wait in a codebase to a client that has just come: they outlive whoever saw them first.
  func showWaitingGates(of workspace: Workspace) async {
    let waiting: [RunGate]
    do throws(EngineFailure) {
      waiting = try await workspace.gates(of: nil).filter { $0.gate.state == .pending }
    } catch {
      return logger.warning("gates of \(workspace.codebase.id) are not shown: \(error.message)")
    }
    for gate in waiting {
      if client.showsGates {
        await notify(of: gate, in: workspace)
      } else {
        gateDialog()?.take(gate)
      }
    }
  }

  private func notify(of gate: RunGate, in workspace: Workspace) async {
    do throws(EngineFailure) {
      let seq = try await workspace.record(of: gate.run).seq
      let news = ApprovalDidChange(gate.gate, of: gate.run, seq: seq, codebase: workspace.codebase.id)
      connection?.notify(ApprovalDidChange.method, OpenRPCDocument.encoded(news))
    } catch {
      logger.warning("the gate \(gate.gate.id) is not shown: \(error.message)")
    }
  }

  /// Gives the person's decision to a gate; what kept it from being taken, for people, or nil.
  private func answer(_ gate: RunGate, with decision: String) async -> String? {
    do throws(EngineFailure) {
      let workspace = try await engine.workspace(of: gate.run)
      let answered = try await workspace.answer(
        gate.gate.id, GateAnswer(decision: decision, decidedBy: client.name), secrets: [:])
      guard let before = answered.takenUpAfter else { return nil }
      await follow(answered.run, takenUpIn: workspace, after: before)
      return nil
    } catch {
      return error.message
    }
  }
}
