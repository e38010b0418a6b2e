import Model

/// Jobs and moments that the tests share.
enum Samples {
    /// 2026-11-22T15:41:20.000Z.
    static let start = Timestamp(milliseconds: 1_795_362_080_000)

    /// A job called job-12 that starts web-1 for alice.
    static func job(
        _ state: JobState = .running,
        _ change: (inout Job) -> Void = { _ in }
    ) -> Job {
        var job = Job(
            id: JobID(12),
            uuid: "6f9619ff-8b86-d011-b42d-00c04fc964ff",
            kind: "vm.start",
            target: Target(type: "vm", name: "web-1"),
            state: state,
            user: "alice",
            account: "dev",
            createdAt: start
        )
        job.lane = "host/kvm-a01"
        change(&job)
        return job
    }
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
