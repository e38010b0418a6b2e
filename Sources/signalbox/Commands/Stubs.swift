import ArgumentParser
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "simulate")
    @OptionGroup(title: "Global options") var global: GlobalOptions
}
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench")
    @OptionGroup(title: "Global options") var global: GlobalOptions
}
