extension Fault {
    /// No host has the processors or the memory.
    package static let serverCapacity = Fault(
        "cloudstack",
        533,
        "INSUFFICIENT_CAPACITY_ERROR",
        kind: .capacity,
        detail: 4335,
        text: "Unable to create a deployment for VM instance"
    )
    /// No storage has the room.
    package static let storageCapacity = Fault(
        "cloudstack",
        533,
        "INSUFFICIENT_CAPACITY_ERROR",
        kind: .capacity,
        detail: 4340,
        text: "No storage has the room"
    )
    /// A volume could not be created, mostly because its storage is full.
    package static let volumeCreation = Fault(
        "vdsm",
        205,
        "VolumeCreationError",
        kind: .capacity,
        text: "Error creating a new volume"
    )
    /// A host does not answer.
    package static let hostUnreachable = Fault(
        "cloudstack",
        534,
        "RESOURCE_UNAVAILABLE_ERROR",
        kind: .unreachable,
        detail: 4380,
        text: "Resource [Host] is unreachable"
    )
    /// A host takes no work because it is in maintenance.
    package static let agentMaintenance = Fault(
        "cloudstack",
        534,
        "RESOURCE_UNAVAILABLE_ERROR",
        kind: .transient,
        detail: 4285,
        text: "The agent is in maintenance mode"
    )
    /// A lock inside the hypervisor was not had in time.
    package static let lockTimeout = Fault(
        "oracle",
        29,
        "GEN_000029",
        kind: .transient,
        text: "The object is locked by another operation"
    )
    /// Other work runs on the subject, or its state does not allow this.
    package static let concurrentOperation = Fault(
        "cloudstack",
        536,
        "RESOURCE_IN_USE_ERROR",
        kind: .conflict,
        detail: 4300,
        text: "Another operation runs on the object"
    )
    /// The subject is in use.
    package static let resourceInUse = Fault(
        "cloudstack",
        536,
        "RESOURCE_IN_USE_ERROR",
        kind: .conflict,
        detail: 4375,
        text: "The object is in use"
    )
    /// An answer did not come in time; what became of the work is not known.
    package static let operationTimeout = Fault(
        "cloudstack",
        4560,
        "OPERATION_TIMED_OUT",
        kind: .unreachable,
        text: "The operation timed out after 1800 s"
    )
    /// A VM could not be migrated.
    package static let migrationFailed = Fault(
        "cloudstack",
        4395,
        "VM_MIGRATION_ERROR",
        kind: .permanent,
        text: "Unable to migrate the VM"
    )
    /// The destination of a migration is not a host that can take it.
    package static let migrationDestination = Fault(
        "vdsm",
        39,
        "MIGRATION_DEST_INVALID_HOSTNAME",
        kind: .permanent,
        text: "The destination of the migration is not valid"
    )
    /// Another snapshot task runs on the VM.
    package static let snapshotConflict = Fault(
        "cloudstack",
        536,
        "RESOURCE_IN_USE_ERROR",
        kind: .conflict,
        detail: 4375,
        text: "There are other active snapshot tasks on the VM; please try again later"
    )
    /// A chain of images is broken.
    package static let snapshotChain = Fault(
        "vdsm",
        262,
        "ImageIsNotLegalChain",
        kind: .permanent,
        text: "The image is not a legal chain"
    )
    /// The storage failed.
    package static let storageIO = Fault(
        "vdsm",
        200,
        "StorageException",
        kind: .permanent,
        text: "General storage exception"
    )
    /// An image could not be copied.
    package static let copyImage = Fault(
        "vdsm",
        261,
        "CopyImageError",
        kind: .permanent,
        text: "Unable to copy the image"
    )
    /// An undo did not work and left something behind.
    package static let undoFailed = Fault(
        "vdsm",
        100,
        "cleanFailure",
        kind: .permanent,
        text: "The clean-up failed; something was left behind"
    )
    /// A VM could not be started.
    package static let startFailed = Fault(
        "cloudstack",
        530,
        "INTERNAL_ERROR",
        kind: .permanent,
        text: "Unable to start the instance; see the management server's log for details"
    )
    /// A guest does not react.
    package static let guestUnresponsive = Fault(
        "signalbox",
        1,
        "GUEST_UNRESPONSIVE",
        kind: .permanent,
        text: "The guest does not react"
    )
    /// Somebody with a newer fence has taken over.
    package static let staleFence = Fault(
        "signalbox",
        2,
        "STALE_FENCE",
        kind: .stale,
        text: "A newer owner has taken over"
    )
    /// The subject of a call does not exist.
    package static let notFound = Fault(
        "signalbox",
        3,
        "NOT_FOUND",
        kind: .permanent,
        text: "There is no such object"
    )
    /// A parameter is missing or wrong.
    package static let badParameter = Fault(
        "cloudstack",
        431,
        "PARAM_ERROR",
        kind: .permanent,
        detail: 4350,
        text: "A parameter is missing or wrong"
    )
    /// An object of this name exists already.
    package static let alreadyExists = Fault(
        "signalbox",
        4,
        "ALREADY_EXISTS",
        kind: .conflict,
        text: "The object exists already"
    )
    /// The work cannot be interrupted.
    package static let notInterruptible = Fault(
        "signalbox",
        5,
        "NOT_INTERRUPTIBLE",
        kind: .conflict,
        text: "It cannot be interrupted"
    )
    /// The hypervisor knows no task of this id.
    package static let unknownTask = Fault(
        "vdsm",
        401,
        "UnknownTask",
        kind: .permanent,
        text: "There is no such task"
    )
    /// A task of this id was asked to do something else.
    package static let taskExists = Fault(
        "vdsm",
        405,
        "AddTaskError",
        kind: .conflict,
        text: "A task of this id does something else"
    )
    /// The hypervisor keeps as many tasks as it can.
    package static let tooManyTasks = Fault(
        "vdsm",
        405,
        "AddTaskError",
        kind: .transient,
        text: "The hypervisor is full of tasks"
    )
    /// The hypervisor's log cannot be written, so it takes nothing new.
    package static let logUnwritable = Fault(
        "signalbox",
        6,
        "LOG_UNWRITABLE",
        kind: .transient,
        text: "The hypervisor's log cannot be written"
    )

    /// A host that does not answer, by name.
    package static func unreachable(_ host: String, _ verb: String) -> Fault {
        .hostUnreachable.saying(
            "Resource [Host:\(host)] is unreachable: Host \(host): Unable to do \(verb) because "
                + "the host does not answer"
        )
    }

    /// Every fault by the key that fault rules use.
    package static let catalogue: [String: Fault] = [
        "capacity.cpu": .serverCapacity, "capacity.memory": .serverCapacity,
        "capacity.storage": .storageCapacity, "volume.creation": .volumeCreation,
        "host.unreachable": .hostUnreachable, "agent.maintenance": .agentMaintenance,
        "lock.timeout": .lockTimeout, "concurrent.op": .concurrentOperation,
        "resource.inUse": .resourceInUse, "op.timeout": .operationTimeout,
        "migrate.failed": .migrationFailed, "migrate.dest": .migrationDestination,
        "snapshot.conflict": .snapshotConflict, "snapshot.chain": .snapshotChain,
        "storage.io": .storageIO, "copy.image": .copyImage, "undo.fails": .undoFailed,
        "start.failed": .startFailed, "guest.unresponsive": .guestUnresponsive,
        "fence.stale": .staleFence, "not.found": .notFound, "parameter": .badParameter,
        "already.exists": .alreadyExists, "not.interruptible": .notInterruptible,
        "task.unknown": .unknownTask, "task.exists": .taskExists,
        "tasks.full": .tooManyTasks, "log.unwritable": .logUnwritable,
    ]
}
