// Nothing of its own: CMake wants a source beside the headers that it precompiles,
// cmake/RemoraRoom.cmake.
