/*
 * The few Windows types, macros and status codes that rtmv2.h needs, for a compiler that is not
 * Windows's. The values are those of winerror.h and winsock2.h; a LONG has 32 bits there.
 */
#ifndef WINDOWS_TYPES_H
#define WINDOWS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef int INT;
typedef unsigned int UINT, *PUINT;
typedef uint32_t DWORD, ULONG;
typedef uint16_t USHORT;
typedef unsigned char UCHAR;
typedef uint64_t ULONGLONG;
typedef int BOOL, WINBOOL, *PBOOL;
typedef void *HANDLE, *PVOID;
#define VOID void
#define TRUE 1
#define FALSE 0
#define INFINITE 0xFFFFFFFFu

typedef struct FILETIME {
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
} FILETIME;

#define WINAPI
#define __C89_NAMELESS
#define FIELD_OFFSET(type, field) offsetof(type, field)
#define CONTAINING_RECORD(address, type, field) ((type *)((char *)(address)-offsetof(type, field)))

#define AF_INET 2
#define AF_INET6 23

#define NO_ERROR 0u
#define ERROR_ACCESS_DENIED 5u
#define ERROR_INVALID_HANDLE 6u
#define ERROR_NOT_ENOUGH_MEMORY 8u
#define ERROR_INVALID_DATA 13u
#define ERROR_NOT_SUPPORTED 50u
#define ERROR_INVALID_PARAMETER 87u
#define ERROR_INSUFFICIENT_BUFFER 122u
#define ERROR_ALREADY_EXISTS 183u
#define ERROR_NO_MORE_ITEMS 259u
#define ERROR_NOT_FOUND 1168u

#endif
