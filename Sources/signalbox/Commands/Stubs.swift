import ArgumentParser
import Model
import Workload
struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "console")
    @OptionGroup(title: "Global options") var global: GlobalOptions
}
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "simulate")
    @OptionGroup(title: "Global options") var global: GlobalOptions
}
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench")
    @OptionGroup(title: "Global options") var global: GlobalOptions
}
struct DemoConsole {
    var global: GlobalOptions
    var site: Site
    var scenario: Scenario
    func run() throws {}
}
