import Foundation

/// What the guard of a run is told: everything about the run, so that it needs nobody any more.
struct ScriptOrder: Codable, Hashable {
    /// The operation's name.
    var operation: String
    /// What it acts on; for fences.
    var subject: String
    /// The claim token under which it was begun.
    var fence: Int64
    /// The program's path.
    var program: String
    /// Its arguments.
    var arguments: [String] = []
    /// Its whole environment.
    var environment: [String: String] = [:]
    /// Texts that are never shown.
    var secrets: [String] = []
    /// Where it works; nil for the run's own folder.
    var directory: String?
    /// What it reads from standard input; nil for nothing.
    var input: String?
    /// Milliseconds between being asked to end and being killed.
    var grace: Int64
    /// Milliseconds that it may run; nil for no limit.
    var timeout: Int64?
    /// The exit status that means a warning.
    var warningStatus: Int32
    /// How much it may say.
    var limits: ScriptLimits
}

/// That a guard has begun its run, and who it is: what is begun once is never begun again.
struct ScriptBeginning: Codable, Hashable {
    /// The guard's process.
    var process: Int32
    /// When that process was started, in the kernel's ticks since the boot.
    var processStart: UInt64
    /// The machine's boot.
    var boot: String
}

/// What became of a run.
struct ScriptEnd: Codable, Hashable {
    /// Why it was made to end.
    enum Stop: String, Codable {
        /// Somebody asked.
        case asked
        /// It ran for too long.
        case timeout
    }

    /// The exit status, if the program ended by itself.
    var status: Int32?
    /// The signal that ended it, if one did.
    var signal: Int32?
    /// Why it could not be started.
    var problem: String?
    /// Why it was made to end; nil if it was not.
    var stop: Stop?
    /// What it gave back.
    var results: [String: String] = [:]
    /// The first of its warnings.
    var warning: String?
    /// The last thing it complained of.
    var lastComplaint: String?
    /// How many processes of it had to be killed after it.
    var killed = 0
    /// Processes that could not be killed.
    var leftBehind: [Int32] = []
}
