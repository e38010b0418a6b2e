// Hypervisor
