public import ArgumentParser
public import IonProcess
public import IonServer
public import IonWorkflow

// The words of the protocol's lists are options' values as they are: the help lists them, and a wrong one is told which
// there are.
extension RunStatus: ExpressibleByArgument {}
extension StepStream: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
extension Isolation: ExpressibleByArgument {}
