import ArgumentParser
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench")
    @OptionGroup(title: "Global options") var global: GlobalOptions
}
