public import IonWorkflow

extension RunStatus: WireWord {}
extension PauseReason: WireWord {}
extension NodeStatus: WireWord {}
